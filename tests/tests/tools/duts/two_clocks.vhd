-- two_clocks: a sum on the rising edge of one clock, with asynchronous reset, sampled on the falling edge of another.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity two_clocks is
    port (
        clk_a  : in  std_logic;
        clk_b  : in  std_logic;
        rst_n  : in  std_logic;
        step   : in  unsigned(3 downto 0);
        sum    : out unsigned(7 downto 0);
        copy   : out std_logic_vector(7 downto 0);
        differ : out std_logic
    );
end entity two_clocks;

architecture rtl of two_clocks is
    signal sum_now  : unsigned(7 downto 0) := to_unsigned(7, 8);
    signal copy_now : unsigned(7 downto 0) := to_unsigned(90, 8);
begin
    add : process (clk_a, rst_n) is
    begin
        if rst_n = '0' then
            sum_now <= to_unsigned(0, 8);
        elsif rising_edge(clk_a) then
            sum_now <= sum_now + step;
        end if;
    end process add;

    sample : process (clk_b) is
    begin
        if falling_edge(clk_b) then
            copy_now <= sum_now;
        end if;
    end process sample;

    sum    <= sum_now;
    copy   <= std_logic_vector(copy_now);
    differ <= '1' when sum_now /= copy_now else '0';
end architecture rtl;
