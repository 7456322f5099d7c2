-- Emitted by pyhw from control.py:5.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity control is
    port (
        clk      : in     std_logic;
        a        : in     unsigned(7 downto 0);
        b        : in     signed(7 downto 0);
        en       : in     std_logic;
        ones     : out    unsigned(3 downto 0) := to_unsigned(0, 4);  -- 0 to 8
        first    : out    unsigned(3 downto 0) := to_unsigned(8, 4);  -- 0 to 8
        mirrored : out    unsigned(7 downto 0) := to_unsigned(0, 8);
        parity   : out    std_logic := '0';
        sum      : out    signed(9 downto 0) := to_signed(0, 10);     -- -128 to 382
        code     : out    unsigned(2 downto 0) := to_unsigned(0, 3);
        wide     : out    unsigned(63 downto 0) := to_unsigned(0, 64);
        mod17    : buffer unsigned(4 downto 0) := to_unsigned(0, 5);  -- 0 to 16
        early    : out    unsigned(7 downto 0) := to_unsigned(0, 8)
    );
end entity control;

architecture rtl of control is
begin
    -- control.py:10
    count : process (a) is
        variable n : unsigned(3 downto 0);  -- 0 to 8
    begin
        n := to_unsigned(0, 4);
        for i in 0 to 7 loop
            if a(i) = '1' then
                n := n + 1;
            end if;
        end loop;
        ones <= n;
    end process count;

    -- control.py:20
    search : process (a) is
    begin
        first <= to_unsigned(8, 4);
        for i in 7 downto 0 loop
            if a(i) = '1' then
                first <= to_unsigned(i, 4);
                exit;
            end if;
        end loop;
    end process search;

    -- control.py:28
    mirror : process (a) is
    begin
        for i_turn in 0 to 3 loop
            next when i_turn * 2 = 4;
            mirrored(i_turn * 2)     <= a(7 - i_turn * 2);
            mirrored(i_turn * 2 + 1) <= a(6 - i_turn * 2);
        end loop;
    end process mirror;

    -- control.py:36
    leave : process (clk) is
        variable x : unsigned(7 downto 0);
    begin
        if rising_edge(clk) then
            if en = '1' then
                -- only while enabled
                x := a + 3;
                for once in 0 to 0 loop
                    if x > 200 then
                        early <= to_unsigned(0, 8);
                    else
                        if x > 100 then
                            x := x - 100;
                            exit when x = 5;
                            x := x xor to_unsigned(1, 8);
                        end if;
                        early <= x;
                    end if;
                end loop;
                mod17 <= (mod17 + 5) mod 17;
            end if;
        end if;
    end process leave;

    -- control.py:52
    loops : process (a) is
        variable rest : unsigned(7 downto 0);
        variable odd  : std_logic;
    begin
        rest := a;
        odd  := '0';
        for shift_turn in 1 to 8 loop
            exit when not (rest > 0);
            odd  := odd xor rest(0);
            rest := shift_right(rest, 1);
        end loop;
        parity <= odd;
    end process loops;

    -- control.py:60
    last : process (a, b, en) is
        variable big : boolean;
    begin
        big := a > 9;
        if big and en = '1' then
            sum <= signed(resize(a, 10)) + b;
        elsif en = '0' or b < 0 then
            sum <= resize(b, 10);
        else
            sum <= resize(b * 3, 10);
        end if;
    end process last;

    -- control.py:70
    table_1 : process (a, en) is
    begin
        case to_integer(a(2 downto 0)) is
            when 0 | 1 =>
                code <= to_unsigned(5, 3);
            when 2 | 3 | 4 | 5 | 6 =>
                if en = '1' then
                    code <= a(3 downto 1);
                elsif a(7) = '1' then
                    code <= to_unsigned(1, 3);
                else
                    code <= to_unsigned(2, 3);
                end if;
            when others =>  -- 7
                code <= to_unsigned(0, 3);
        end case;
    end process table_1;

    -- control.py:80
    wide <= a & unsigned(b) & en & "101" & x"0FFFFFFFFFF";
end architecture rtl;
