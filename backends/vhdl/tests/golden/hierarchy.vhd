-- divider: half the clock, and a count of its rising edges that is read inside.
--
-- Emitted by pyhw from hierarchy.py:4.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity divider is
    port (
        clk   : in     std_logic;
        rst   : in     std_logic;  -- synchronous, active high
        slow  : buffer std_logic := '0';
        count : buffer unsigned(3 downto 0) := to_unsigned(0, 4)
    );
end entity divider;

architecture rtl of divider is
begin
    -- hierarchy.py:8
    divide : process (clk) is
    begin
        if rising_edge(clk) then
            if rst = '1' then
                slow  <= '0';
                count <= to_unsigned(0, 4);
            else
                slow <= not slow;
                if slow = '0' then
                    count <= count + 1;
                end if;
            end if;
        end if;
    end process divide;
end architecture rtl;

-- Emitted by pyhw from hierarchy.py:14.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity sampler is
    port (
        slow : in  std_logic;
        d    : in  unsigned(3 downto 0);
        q    : out unsigned(3 downto 0) := to_unsigned(0, 4)
    );
end entity sampler;

architecture rtl of sampler is
begin
    -- hierarchy.py:18
    take : process (slow) is
    begin
        if rising_edge(slow) then
            q <= d;
        end if;
    end process take;
end architecture rtl;

-- both: the sampler sees the count that comes with the edge: clock and data are equally late.
--
-- Emitted by pyhw from hierarchy.py:22.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity both is
    port (
        clk      : in     std_logic;
        rst      : in     std_logic;  -- synchronous, active high
        slow     : buffer std_logic := '0';
        count    : buffer unsigned(3 downto 0) := to_unsigned(0, 4);
        direct   : out    unsigned(3 downto 0) := to_unsigned(0, 4);
        inside_1 : out    unsigned(3 downto 0) := to_unsigned(0, 4)
    );
end entity both;

architecture rtl of both is
begin
    -- hierarchy.py:26
    divider : entity work.divider
        port map (
            clk   => clk,
            rst   => rst,
            slow  => slow,
            count => count
        );

    -- hierarchy.py:27
    sampler : entity work.sampler
        port map (
            slow => slow,
            d    => count,
            q    => direct
        );

    -- hierarchy.py:29
    take : process (slow) is
    begin
        if rising_edge(slow) then
            inside_1 <= count;
        end if;
    end process take;
end architecture rtl;

-- Emitted by pyhw from hierarchy.py:34.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;

entity hierarchy is
end entity hierarchy;

architecture sim of hierarchy is
    signal clk      : std_logic            := '0';
    signal rst      : std_logic            := '1';
    signal slow     : std_logic            := '0';
    signal count    : unsigned(3 downto 0) := to_unsigned(0, 4);
    signal direct   : unsigned(3 downto 0) := to_unsigned(0, 4);
    signal inside_1 : unsigned(3 downto 0) := to_unsigned(0, 4);
    signal outside  : unsigned(3 downto 0) := to_unsigned(0, 4);

    function image (condition : boolean) return string is
    begin
        if condition then
            return "True";
        else
            return "False";
        end if;
    end function image;
begin
    -- hierarchy.py:38
    both : entity work.both
        port map (
            clk      => clk,
            rst      => rst,
            slow     => slow,
            count    => count,
            direct   => direct,
            inside_1 => inside_1
        );

    -- hierarchy.py:40
    take : process (slow) is
    begin
        if rising_edge(slow) then
            outside <= count;
        end if;
    end process take;

    -- hierarchy.py:44
    stimulus : process is
    begin
        for i in 0 to 7 loop
            wait for 5 ns;
            clk <= '1';
            wait for 5 ns;
            clk <= '0';
            rst <= '0';
            write(output, image(slow = '1') & " " & integer'image(to_integer(count)) & " " &
                integer'image(to_integer(direct)) & " " & integer'image(to_integer(inside_1)) &
                " " & integer'image(to_integer(outside)) & LF);
        end loop;
        wait;
    end process stimulus;
end architecture sim;
