-- two_clocks: a divided clock, and a register on each.
--
-- Emitted by pyhw from clocks.py:5.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity two_clocks is
    port (
        clk     : in     std_logic;
        rst     : in     std_logic;  -- asynchronous, active low
        slow    : buffer std_logic := '0';
        count   : buffer unsigned(3 downto 0) := to_unsigned(0, 4);
        seen    : out    unsigned(3 downto 0) := to_unsigned(0, 4);
        by_hand : buffer unsigned(3 downto 0) := to_unsigned(3, 4);
        falling : buffer std_logic := '0'
    );
end entity two_clocks;

architecture rtl of two_clocks is
begin
    -- clocks.py:10
    divide : process (clk, rst) is
    begin
        if rst = '0' then
            slow  <= '0';
            count <= to_unsigned(0, 4);
        elsif rising_edge(clk) then
            count <= count + 1;
            if count = 7 then
                slow <= not slow;
            end if;
        end if;
    end process divide;

    -- clocks.py:16
    sample : process (slow) is
    begin
        if rising_edge(slow) then
            seen <= count;
        end if;
    end process sample;

    -- clocks.py:20
    own_reset : process (clk, rst) is
    begin
        if rst = '0' then
            by_hand <= to_unsigned(3, 4);
        elsif rising_edge(clk) then
            if count > 4 then
                by_hand <= by_hand + 2;
            end if;
        end if;
    end process own_reset;

    -- clocks.py:27
    other_edge : process (clk) is
    begin
        if falling_edge(clk) then
            falling <= falling xor count(0);
        end if;
    end process other_edge;
end architecture rtl;
