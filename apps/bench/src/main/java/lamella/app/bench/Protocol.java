package lamella.app.bench;

/// How it is timed: after a warm-up come windows of a fixed length, each of which gives one value. A
/// window in which other processes used the machine is taken again, until there are enough clean ones
/// or the time is up.
///
/// @param threads of the backend; printed
/// @param warmUp seconds
/// @param window seconds
/// @param windows how many clean ones are wanted
/// @param budget seconds after which no further window is taken
/// @param waits whether to wait for a quiet machine before each window
record Protocol(int threads, double warmUp, double window, int windows, double budget, boolean waits) {
    /// Reads the system properties `threads` (2), `warm` (2), `win` (0.7), `windows` (7), `budget` (45)
    /// and `prio` (false: wait for a quiet machine).
    static Protocol fromProperties() {
        return new Protocol(
                Integer.getInteger("threads", 2),
                number("warm", 2),
                number("win", 0.7),
                Integer.getInteger("windows", 7),
                number("budget", 45),
                !Boolean.getBoolean("prio"));
    }

    private static double number(String property, double otherwise) {
        return Double.parseDouble(System.getProperty(property, Double.toString(otherwise)));
    }
}
