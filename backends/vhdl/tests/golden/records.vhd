-- records_types: types at the ports of records and what it contains.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

package records_types is
    type pixel_t is record
        x    : unsigned(9 downto 0);
        y    : unsigned(9 downto 0);
        on_1 : std_logic;
    end record pixel_t;
    type ram_t is array (0 to 3) of unsigned(7 downto 0);
end package records_types;

-- Emitted by pyhw from records.py:6.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use work.records_types.all;

entity stage is
    port (
        clk : in  std_logic;
        p   : in  pixel_t;
        ram : in  ram_t;
        q   : out pixel_t := (x => to_unsigned(0, 10), y => to_unsigned(0, 10), on_1 => '0')
    );
end entity stage;

architecture rtl of stage is
begin
    -- records.py:10
    step : process (clk) is
    begin
        if rising_edge(clk) then
            q      <= p;
            q.x    <= p.x + ram(to_integer(p.y(1 downto 0)));
            q.y(0) <= p.on_1;
        end if;
    end process step;
end architecture rtl;

-- Emitted by pyhw from records.py:20.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use work.records_types.all;

entity records is
    port (
        clk   : in  std_logic;
        x     : in  unsigned(9 downto 0);
        y     : in  unsigned(9 downto 0);
        light : in  std_logic;
        far   : out unsigned(10 downto 0) := to_unsigned(0, 11)
    );
end entity records;

architecture rtl of records is
    signal p   : pixel_t := (x => to_unsigned(0, 10), y => to_unsigned(0, 10), on_1 => '0');
    signal q   : pixel_t := (x => to_unsigned(1, 10), y => to_unsigned(2, 10), on_1 => '1');
    signal ram : ram_t   := (x"01", x"02", x"03", x"04");
begin
    -- records.py:28
    stage : entity work.stage
        port map (
            clk => clk,
            p   => p,
            ram => ram,
            q   => q
        );

    -- records.py:30
    p <= (x => x, y => y, on_1 => light);

    -- records.py:34
    far <= resize(q.x, 11) + q.y when q.on_1 = '1' else to_unsigned(0, 11);

    -- records.py:38
    store : process (clk) is
        variable pixel : pixel_t;
    begin
        if rising_edge(clk) then
            pixel      := q;
            pixel.on_1 := not pixel.on_1;
            ram(to_integer(pixel.x(1 downto 0))) <= pixel.on_1 & pixel.y(6 downto 0);
        end if;
    end process store;
end architecture rtl;
