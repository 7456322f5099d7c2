-- uart_tx: serial transmitter, 8 data bits, no parity, one stop bit.
--
-- Emitted by pyhw from uart.py:15. Parameters: divisor = 868.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity uart_tx is
    port (
        clk   : in  std_logic;
        rst   : in  std_logic;  -- synchronous, active high
        data  : in  unsigned(7 downto 0);
        start : in  std_logic;
        tx    : out std_logic := '1';
        busy  : out std_logic := '0'
    );
end entity uart_tx;

architecture rtl of uart_tx is
    type state_t is (STATE_IDLE, STATE_DATA, STATE_STOP);

    signal state : state_t              := STATE_IDLE;
    signal tick  : unsigned(9 downto 0) := to_unsigned(0, 10);  -- 0 to 867
    signal index : unsigned(2 downto 0) := to_unsigned(0, 3);
    signal shift : unsigned(7 downto 0) := to_unsigned(0, 8);
begin
    -- uart.py:23
    send : process (clk) is
    begin
        if rising_edge(clk) then
            if rst = '1' then
                state <= STATE_IDLE;
                tick  <= to_unsigned(0, 10);
                index <= to_unsigned(0, 3);
                shift <= to_unsigned(0, 8);
                tx    <= '1';
            elsif state = STATE_IDLE then
                if start = '1' then
                    shift <= data;
                    tx    <= '0';  -- start bit
                    tick  <= to_unsigned(0, 10);
                    index <= to_unsigned(0, 3);
                    state <= STATE_DATA;
                end if;
            elsif tick /= 867 then
                tick <= tick + 1;
            else
                tick <= to_unsigned(0, 10);
                case state is
                    when STATE_DATA =>
                        tx    <= shift(0);
                        shift <= shift_right(shift, 1);
                        if index = 7 then
                            state <= STATE_STOP;
                        else
                            index <= index + 1;
                        end if;
                    when others =>
                        tx    <= '1';
                        state <= STATE_IDLE;
                end case;
            end if;
        end if;
    end process send;

    -- uart.py:48
    busy <= '1' when state /= STATE_IDLE else '0';
end architecture rtl;
