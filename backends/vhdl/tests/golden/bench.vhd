-- Emitted by pyhw from bench.py:4.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity counter is
    port (
        clk    : in     std_logic;
        enable : in     std_logic;
        count  : buffer unsigned(7 downto 0) := to_unsigned(0, 8);
        carry  : out    std_logic := '0'
    );
end entity counter;

architecture rtl of counter is
begin
    -- bench.py:8
    step : process (clk) is
    begin
        if rising_edge(clk) then
            if enable = '1' then
                count <= count + 1;
            end if;
        end if;
    end process step;

    -- bench.py:12
    carry <= '1' when count = 3 else '0';
end architecture rtl;

-- bench: counts, and checks what comes.
--
-- Emitted by pyhw from bench.py:20.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;

entity bench is
end entity bench;

architecture sim of bench is
    type state_t is (STATE_LOW, STATE_HIGH);

    signal clk    : std_logic             := '0';
    signal enable : std_logic             := '0';
    signal count  : unsigned(7 downto 0)  := to_unsigned(0, 8);
    signal carry  : std_logic             := '0';
    signal late   : std_logic             := '0';
    signal bus_1  : unsigned(3 downto 0)  := (others => 'Z');
    signal drive0 : unsigned(3 downto 0)  := (others => 'Z');
    signal drive1 : unsigned(3 downto 0)  := (others => 'Z');
    signal state  : state_t               := STATE_LOW;
    signal ns_1   : unsigned(99 downto 0) := to_unsigned(0, 100);
    signal done   : std_logic             := '0';

    function to_unsigned (bit_value : std_logic; size : positive) return unsigned is
        variable result : unsigned(size - 1 downto 0) := (others => '0');
    begin
        result(0) := bit_value;
        return result;
    end function to_unsigned;

    function image (member : state_t) return string is
    begin
        case member is
            when STATE_LOW => return "LOW";
            when STATE_HIGH => return "HIGH";
        end case;
    end function image;

    function image (condition : boolean) return string is
    begin
        if condition then
            return "True";
        else
            return "False";
        end if;
    end function image;

    function decimal (value : signed) return string is
        variable rest   : unsigned(value'length - 1 downto 0) := unsigned(abs value);
        variable result : string(1 to value'length + 1);
        variable first  : positive := result'right + 1;
    begin
        loop
            first := first - 1;
            result(first) := character'val(character'pos('0') + to_integer(rest mod 10));
            rest := rest / 10;
            exit when rest = 0;
        end loop;
        if value < 0 then
            first := first - 1;
            result(first) := '-';
        end if;
        return result(first to result'right);
    end function decimal;

    function digits (value : signed; bits : positive) return string is
        constant signs  : string(1 to 16) := "0123456789abcdef";
        variable rest   : unsigned(value'length - 1 downto 0) := unsigned(abs value);
        variable result : string(1 to value'length + 1);
        variable first  : positive := result'right + 1;
    begin
        loop
            first := first - 1;
            result(first) := signs(to_integer(rest mod 2 ** bits) + 1);
            rest := shift_right(rest, bits);
            exit when rest = 0;
        end loop;
        if value < 0 then
            first := first - 1;
            result(first) := '-';
        end if;
        return result(first to result'right);
    end function digits;

    function upper (text : string) return string is
        variable result : string(1 to text'length) := text;
    begin
        for at in result'range loop
            if result(at) >= 'a' and result(at) <= 'z' then
                result(at) := character'val(character'pos(result(at)) - 32);
            end if;
        end loop;
        return result;
    end function upper;

    function pad (text : string; width : natural; fill : character) return string is
        variable filled : string(1 to width) := (others => fill);
    begin
        if text'length >= width then
            return text;
        elsif fill = '0' and text(text'left) = '-' then
            return '-' & filled(1 to width - text'length) & text(text'left + 1 to text'right);
        else
            return filled(1 to width - text'length) & text;
        end if;
    end function pad;

    function pad_end (text : string; width : natural) return string is
        variable filled : string(1 to width) := (others => ' ');
    begin
        if text'length >= width then
            return text;
        else
            return text & filled(1 to width - text'length);
        end if;
    end function pad_end;
begin
    -- bench.py:30
    dut : entity work.counter
        port map (
            clk    => clk,
            enable => enable,
            count  => count,
            carry  => carry
        );

    -- bench.py:32
    clock : process is
    begin
        wait for 5 ns;
        clk <= not clk;
    end process clock;

    -- bench.py:37
    -- the story
    stimulus : process is
        variable total    : signed(31 downto 0);
        variable clk_rose : boolean;
        variable clk_fell : boolean;
    begin
        total := to_signed(0, 32);
        wait until rising_edge(clk);
        enable <= '1';
        for i in 0 to 4 loop
            wait until rising_edge(clk);
            total := total + signed(resize(count, 32));
            -- one line for each edge
            write(output, integer'image(now / 1 ns) & " " &
                pad(integer'image(to_integer(count)), 3, ' ') & " " & integer'image(1) & " " &
                image(carry = '1') & LF);
        end loop;
        write(output, "done ""so far""" & LF);
        assert total = 10 report integer'image(to_integer(total)) & " is wrong" severity failure;
        enable <= '0';
        late   <= '1' after 3 ns;
        wait for 2 ns;
        assert late = '0' report "assertion failed" severity failure;
        wait on late for 50 ns;
        assert late = '1' report "late" severity failure;
        drive0 <= to_unsigned(5, 4);
        wait for 1 ns;
        assert bus_1 = 5 report "bus" severity failure;
        drive0 <= (others => 'Z');
        if carry = '1' then
            drive1 <= to_unsigned(1, 4);
        else
            drive1 <= to_unsigned(10, 4);
        end if;
        ns_1  <= x"FFFFFFFFFFFFFFFFFFFFFFFFF";
        state <= STATE_HIGH;
        wait for (to_integer(count) + 1) * 1 ns;
        write(output, integer'image(to_integer(bus_1)) & " " & decimal(signed(resize(ns_1, 101))) &
            " " & digits(signed(resize(ns_1, 101)), 4) & " " &
            pad(digits(signed(resize(bus_1, 5)), 1), 8, '0') & " " &
            integer'image(to_integer(count)) & " " & image(state) & " " &
            pad(upper(digits(signed(resize(bus_1, 5)), 4)), 4, ' ') & "|" &
            pad_end(integer'image(to_integer(to_unsigned(carry, 1))), 4) & "|" & LF);
        write(output, decimal(0 - signed(resize(ns_1, 101))) & " " &
            integer'image(to_integer(count) - 200) & LF);
        clk_rose := false;
        clk_fell := false;
        loop
            wait on clk;
            clk_rose := clk_rose or rising_edge(clk);
            clk_fell := clk_fell or falling_edge(clk);
            exit when clk_rose and clk_fell;
        end loop;
        done <= '1';
        wait for 0 ns;
        report "all is well" severity note;
        std.env.finish;
        wait;
    end process stimulus;

    -- bench.py:70
    watch : process is
    begin
        wait until rising_edge(clk) or falling_edge(clk) for 1000 ns;
        wait until rising_edge(done);
        write(output, integer'image(now / 1 ns) & LF);
        wait;
    end process watch;

    bus_1 <= drive0;
    bus_1 <= drive1;
end architecture sim;
