-- traffic_light_types: types at the ports of traffic_light and what it contains.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

package traffic_light_types is
    type mode_t is (MODE_NIGHT, MODE_DAY);
    type light_t is (LIGHT_RED, LIGHT_YELLOW, LIGHT_GREEN);
    attribute enum_encoding : string;
    attribute enum_encoding of light_t : type is "001 010 100";
end package traffic_light_types;

-- phase: Walks through the lights.
--
-- Each phase lasts `length` ticks of the clock.
--
-- Emitted by pyhw from traffic.py:10.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use work.traffic_light_types.all;

entity phase is
    port (
        clk     : in     std_logic;
        reset_n : in     std_logic;            -- asynchronous, active low
        mode    : in     mode_t;
        light   : buffer light_t := LIGHT_RED  -- what the drivers see
    );
end entity phase;

architecture rtl of phase is
    signal left : unsigned(6 downto 0) := to_unsigned(99, 7);  -- ticks to go; 0 to 99
begin
    -- traffic.py:18
    -- the phases in order
    advance : process (clk, reset_n) is
    begin
        if reset_n = '0' then
            left  <= to_unsigned(99, 7);
            light <= LIGHT_RED;
        elsif rising_edge(clk) then
            if mode = MODE_NIGHT then
                -- at night it blinks
                if light = LIGHT_YELLOW then
                    light <= LIGHT_RED;
                else
                    light <= LIGHT_YELLOW;
                end if;
            elsif left > 0 then
                left <= left - 1;
            else
                left <= to_unsigned(99, 7);
                case light is
                    when LIGHT_RED =>
                        light <= LIGHT_GREEN;
                    when LIGHT_GREEN =>
                        light <= LIGHT_YELLOW;
                        left  <= to_unsigned(9, 7);  -- short
                    when LIGHT_YELLOW =>
                        light <= LIGHT_RED;
                end case;
            end if;
        end if;
    end process advance;
end architecture rtl;

-- Emitted by pyhw from traffic.py:40.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use work.traffic_light_types.all;

entity traffic_light is
    port (
        clk     : in  std_logic;
        reset_n : in  std_logic;  -- asynchronous, active low
        day     : in  std_logic;
        lamps   : out unsigned(2 downto 0) := to_unsigned(1, 3);
        stop    : out std_logic := '1'
    );
end entity traffic_light;

architecture rtl of traffic_light is
    signal mode  : mode_t  := MODE_NIGHT;
    signal light : light_t := LIGHT_RED;

    function to_std_logic (condition : boolean) return std_logic is
    begin
        if condition then
            return '1';
        else
            return '0';
        end if;
    end function to_std_logic;

    function encode (member : light_t) return unsigned is
    begin
        case member is
            when LIGHT_RED => return to_unsigned(1, 3);
            when LIGHT_YELLOW => return to_unsigned(2, 3);
            when LIGHT_GREEN => return to_unsigned(4, 3);
        end case;
    end function encode;
begin
    -- traffic.py:45
    mode <= MODE_DAY when day = '1' else MODE_NIGHT;

    -- traffic.py:48
    walk : entity work.phase
        port map (
            clk     => clk,
            reset_n => reset_n,
            mode    => mode,
            light   => light
        );

    -- traffic.py:50
    show : process (light) is
    begin
        lamps <= encode(light);
        stop  <= to_std_logic(light = LIGHT_RED or light = LIGHT_YELLOW);
    end process show;
end architecture rtl;
