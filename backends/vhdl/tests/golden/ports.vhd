-- alu_types: types at the ports of alu and what it contains.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

package alu_types is
    subtype op_t is unsigned(1 downto 0);
    constant OP_ADD : op_t := "00";
    constant OP_SUB : op_t := "01";
    constant OP_NOP : op_t := "11";
end package alu_types;

-- Emitted by pyhw from ports.py:4.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity pad is
    port (
        value  : in    unsigned(7 downto 0);
        enable : in    std_logic;
        pin    : inout unsigned(7 downto 0) := (others => 'Z');
        read   : out   unsigned(7 downto 0) := to_unsigned(0, 8)
    );
end entity pad;

architecture rtl of pad is
    signal drive : unsigned(7 downto 0) := (others => 'Z');
begin
    -- ports.py:8
    drive <= value when enable = '1' else (others => 'Z');

    -- ports.py:12
    read <= pin;

    pin <= drive;
end architecture rtl;

-- Emitted by pyhw from ports.py:16.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity own is
    port (
        a        : in  std_logic;
        select_1 : out std_logic := '0'
    );
end entity own;

architecture rtl of own is
begin
    -- by hand
    select_1 <= not a;
end architecture rtl;

-- Emitted by pyhw from ports.py:20.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use work.alu_types.all;

entity alu is
    port (
        clk      : in     std_logic;
        op       : in     op_t;
        a        : in     unsigned(7 downto 0);
        signal_1 : in     std_logic;
        pin      : inout  unsigned(7 downto 0) := (others => 'Z');
        result   : buffer unsigned(7 downto 0) := to_unsigned(0, 8);
        last     : buffer op_t := OP_NOP;
        is_nop   : out    std_logic := '0'
    );
end entity alu;

architecture rtl of alu is
    signal read     : unsigned(7 downto 0) := to_unsigned(0, 8);
    signal inverted : std_logic            := '0';
begin
    -- ports.py:28
    pad0 : entity work.pad
        port map (
            value  => result,
            enable => signal_1,
            pin    => pin,
            read   => read
        );

    -- ports.py:29
    own0 : entity work.own
        port map (
            a        => signal_1,
            select_1 => inverted
        );

    -- ports.py:31
    work_1 : process (clk) is
    begin
        if rising_edge(clk) then
            case op is
                when OP_ADD =>
                    result <= a + read;
                when OP_SUB =>
                    result <= a - read;
                when others =>  -- OP_NOP
                    if inverted = '1' then
                        result <= to_unsigned(0, 8);
                    end if;
            end case;
            if inverted = '1' then
                last <= op;
            else
                last <= last;
            end if;
        end if;
    end process work_1;

    -- ports.py:44
    is_nop <= '1' when last = OP_NOP else '0';
end architecture rtl;
