package lamella.backend.cpu;

/// Finds out where in the user's code an array is allocated.
final class AllocationSite {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private AllocationSite() {}

    /// Returns the innermost place on this thread's stack that is neither in this backend's
    /// allocation nor in the tensor package, as `class.method(File.java:line)`.
    static String find() {
        return WALKER.walk(
                frames ->
                        frames.filter(frame -> !inside(frame.getClassName()))
                                .findFirst()
                                .map(frame -> frame.toStackTraceElement())
                                .map(AllocationSite::describe)
                                .orElse("an unknown place"));
    }

    private static boolean inside(String className) {
        return className.equals(AllocationSite.class.getName())
                || className.equals(CpuBackend.class.getName())
                || className.startsWith("lamella.tensor.");
    }

    private static String describe(StackTraceElement at) {
        String file = at.getFileName() + ":" + at.getLineNumber();
        return at.getClassName() + "." + at.getMethodName() + "(" + file + ")";
    }
}
