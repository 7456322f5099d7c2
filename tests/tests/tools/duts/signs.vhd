-- signs: products, comparisons and shifts of signed numbers; a 70-bit port.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity helper is
    port (
        a    : in  signed(6 downto 0);
        b    : in  signed(8 downto 0);
        less : out std_logic
    );
end entity helper;

architecture rtl of helper is
begin
    less <= '1' when a < b else '0';
end architecture rtl;

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity signs is
    port (
        a       : in  signed(6 downto 0);
        b       : in  signed(8 downto 0);
        product : out signed(15 downto 0);
        less    : out std_logic;
        half    : out signed(6 downto 0);
        wide    : out signed(69 downto 0)
    );
end entity signs;

architecture rtl of signs is
begin
    compare : entity work.helper port map (a => a, b => b, less => less);

    product <= a * b;
    half    <= shift_right(a, 1);
    wide    <= resize(b, 70);
end architecture rtl;
