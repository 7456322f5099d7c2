-- wide_adder: the exact sum of two 130-bit numbers. The helper's name is used by another design, too.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity helper is
    port (
        a     : in  unsigned(129 downto 0);
        b     : in  unsigned(129 downto 0);
        total : out unsigned(130 downto 0)
    );
end entity helper;

architecture rtl of helper is
begin
    total <= resize(a, 131) + resize(b, 131);
end architecture rtl;

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity wide_adder is
    port (
        a     : in  unsigned(129 downto 0);
        b     : in  unsigned(129 downto 0);
        total : out unsigned(130 downto 0)
    );
end entity wide_adder;

architecture rtl of wide_adder is
begin
    sum : entity work.helper port map (a => a, b => b, total => total);
end architecture rtl;
