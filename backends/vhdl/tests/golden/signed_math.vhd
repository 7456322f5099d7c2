-- signed_math: what Python's integers do, at the widths that the values need.
--
-- Emitted by pyhw from signed_math.py:5.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity signed_math is
    port (
        a         : in  signed(7 downto 0);
        b         : in  signed(7 downto 0);
        u         : in  unsigned(7 downto 0);
        n         : in  unsigned(2 downto 0);
        big       : in  unsigned(99 downto 0);
        quotient  : out signed(8 downto 0) := to_signed(0, 9);
        remainder : out signed(7 downto 0) := to_signed(0, 8);        -- -127 to 127
        mean      : out unsigned(7 downto 0) := to_unsigned(0, 8);
        scaled    : out signed(15 downto 0) := to_signed(0, 16);
        absolute  : out unsigned(7 downto 0) := to_unsigned(0, 8);    -- 0 to 128
        least     : out signed(7 downto 0) := to_signed(0, 8);
        shifted   : out signed(7 downto 0) := to_signed(0, 8);
        up        : out unsigned(14 downto 0) := to_unsigned(0, 15);
        square    : out unsigned(14 downto 0) := to_unsigned(0, 15);  -- 0 to 16384
        less      : out std_logic := '0';
        tenth     : out unsigned(4 downto 0) := to_unsigned(0, 5);    -- 0 to 25
        digit     : out unsigned(3 downto 0) := to_unsigned(0, 4);    -- 0 to 9
        negated   : out signed(8 downto 0) := to_signed(0, 9);        -- -127 to 128
        product   : out unsigned(199 downto 0) := to_unsigned(0, 200);
        inverted  : out signed(7 downto 0) := to_signed(0, 8);
        masked    : out unsigned(3 downto 0) := to_unsigned(0, 4)
    );
end entity signed_math;

architecture rtl of signed_math is
    -- The quotient rounded towards minus infinity; one bit longer than the operands.
    function floor_div (dividend, divisor : signed) return signed is
        constant rest : signed(divisor'length - 1 downto 0) := dividend mod divisor;
    begin
        if dividend'length > divisor'length then
            return (resize(dividend, dividend'length + 1) - rest) / divisor;
        else
            return (resize(dividend, divisor'length + 1) - rest) / divisor;
        end if;
    end function floor_div;
begin
    -- signed_math.py:10
    divide : process (a, b) is
    begin
        if b /= 0 then
            quotient  <= floor_div(a, b);
            remainder <= a mod b;
        else
            quotient  <= to_signed(0, 9);
            remainder <= to_signed(0, 8);
        end if;
    end process divide;

    -- signed_math.py:14
    mean <= resize(shift_right(resize(u, 9) + 255, 1), 8);

    -- signed_math.py:15
    scaled <= resize(a * signed(resize(u, 9)), 16);

    -- signed_math.py:16
    absolute <= unsigned(-a) when a < 0 else unsigned(a);

    -- signed_math.py:17
    least <= a when a < b else b;

    -- signed_math.py:18
    shifted <= shift_right(a, to_integer(n));

    -- signed_math.py:19
    up <= shift_left(resize(u, 15), to_integer(n));

    -- signed_math.py:20
    square <= resize(unsigned(a * a), 15);

    -- signed_math.py:21
    less <= '1' when a < signed(resize(u, 9)) else '0';

    -- signed_math.py:22
    tenth <= resize(u / 10, 5);

    -- signed_math.py:23
    digit <= resize(u mod 10, 4);

    -- signed_math.py:24
    negated <= -resize(a, 9);

    -- signed_math.py:25
    product <= big * big;

    -- signed_math.py:26
    inverted <= not a;

    -- signed_math.py:27
    masked <= unsigned(a(3 downto 0));
end architecture rtl;
