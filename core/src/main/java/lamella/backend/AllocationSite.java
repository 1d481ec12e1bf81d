package lamella.backend;

/// Finds out where in the user's code an array is allocated; for backends.
public final class AllocationSite {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private AllocationSite() {}

    /// Returns the innermost place on this thread's stack that is neither in the backend's own class
    /// nor in the tensor package, as `class.method(File.java:line)`.
    ///
    /// @param backend the class that allocates
    public static String find(Class<? extends Backend> backend) {
        return WALKER.walk(
                frames ->
                        frames.filter(frame -> !inside(frame.getClassName(), backend))
                                .findFirst()
                                .map(frame -> frame.toStackTraceElement())
                                .map(AllocationSite::describe)
                                .orElse("an unknown place"));
    }

    private static boolean inside(String className, Class<? extends Backend> backend) {
        return className.equals(AllocationSite.class.getName())
                || className.equals(backend.getName())
                || className.startsWith("lamella.tensor.");
    }

    private static String describe(StackTraceElement at) {
        String file = at.getFileName() + ":" + at.getLineNumber();
        return at.getClassName() + "." + at.getMethodName() + "(" + file + ")";
    }
}
