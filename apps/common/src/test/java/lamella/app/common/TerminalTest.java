package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void takesTheColumnsThatTheTerminalTells() {
        assertEquals(132, Terminal.parseColumns("43 132"));
    }

    @Test
    void takes80WhereItTellsNothing() {
        assertEquals(80, Terminal.parseColumns("0 0"));
        assertEquals(80, Terminal.parseColumns(null));
        assertEquals(80, Terminal.parseColumns("stty: not a terminal"));
    }
}
