-- memories: a RAM of two ports, a ROM, and a register file with parts that are stored alone.
--
-- Emitted by pyhw from memories.py:5.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity memories is
    port (
        clk          : in  std_logic;
        we           : in  std_logic;
        address      : in  unsigned(3 downto 0);
        read_address : in  unsigned(3 downto 0);
        d            : in  unsigned(7 downto 0);
        q            : out unsigned(7 downto 0) := to_unsigned(0, 8);
        sine         : out signed(7 downto 0) := to_signed(0, 8);
        picked       : out unsigned(7 downto 0) := to_unsigned(0, 8);
        flag         : out std_logic := '0'
    );
end entity memories;

architecture rtl of memories is
    type mem_t is array (0 to 15) of unsigned(7 downto 0);
    type words_t is array (0 to 3) of unsigned(7 downto 0);
    type small_t is array (0 to 9) of unsigned(7 downto 0);
    type lookup_table_t is array (0 to 15) of signed(7 downto 0);

    constant lookup_table : lookup_table_t := (
        x"00", x"18", x"31", x"4A", x"5A", x"6A", x"75", x"7D",
        x"7F", x"7D", x"75", x"6A", x"5A", x"4A", x"31", x"E8"
    );

    signal mem     : mem_t                := (others => to_unsigned(0, 8));  -- 16 bytes
    signal words   : words_t              := (x"01", x"02", x"03", x"04");
    signal mask    : unsigned(7 downto 0) := to_unsigned(0, 8);
    signal small_1 : small_t              := (others => to_unsigned(0, 8));

    function to_std_logic (condition : boolean) return std_logic is
    begin
        if condition then
            return '1';
        else
            return '0';
        end if;
    end function to_std_logic;
begin
    -- memories.py:15
    write : process (clk) is
    begin
        if rising_edge(clk) then
            if we = '1' then
                mem(to_integer(address)) <= d;
            end if;
            q <= mem(to_integer(read_address));
        end if;
    end process write;

    -- memories.py:20
    lookup : process (clk) is
    begin
        if rising_edge(clk) then
            sine <= lookup_table(to_integer(address));
        end if;
    end process lookup;

    -- memories.py:24
    parts : process (clk) is
    begin
        if rising_edge(clk) then
            words(0)(3) <= we;
            words(to_integer(address(1 downto 0)))(7 downto 4) <= d(3 downto 0);
            words(3)(to_integer(address(2 downto 0))) <= not we;
            mask(to_integer(address(1 downto 0)) * 2 + 1 downto
                to_integer(address(1 downto 0)) * 2) <= to_unsigned(3, 2);
            mask(0) <= to_std_logic(address < read_address);
        end if;
    end process parts;

    -- memories.py:30
    pick : process (words, mem, mask, address) is
    begin
        picked <= words(to_integer(address(3 downto 2))) + 1;
        flag   <= mask(to_integer(address(2 downto 0)));
    end process pick;

    -- memories.py:34
    guarded_1 : process (clk) is
        variable choice : unsigned(7 downto 0);
    begin
        if rising_edge(clk) then
            if address < 10 then
                if read_address < 10 then
                    choice := small_1(to_integer(read_address));
                else
                    choice := to_unsigned(0, 8);
                end if;
                small_1(to_integer(address)) <= choice + 1;
            end if;
        end if;
    end process guarded_1;
end architecture rtl;
