package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One kernel call under the eyes of [CheckedBackend]: what it reads, what it writes, what must
/// hold.
final class CheckedCall {
    private record Operand(String role, View view) {}

    private final String op;
    private final Backend backend;
    private final boolean finite;
    private final List<Operand> read = new ArrayList<>();
    private final List<Operand> written = new ArrayList<>();
    private final List<Operand> scratch = new ArrayList<>();
    private final List<View> shareable = new ArrayList<>();

    CheckedCall(String op, Backend backend, boolean finite) {
        this.op = op;
        this.backend = backend;
        this.finite = finite;
    }

    /// Adds a float32 operand that the kernel reads.
    CheckedCall reads(String role, View view) {
        return reads(role, view, DType.FLOAT32);
    }

    /// Adds an operand that the kernel reads.
    CheckedCall reads(String role, View view, DType type) {
        requireUsable(role, view, type);
        read.add(new Operand(role, view));
        return this;
    }

    /// Adds a float32 operand that the kernel writes.
    CheckedCall writes(String role, View view) {
        return writes(role, view, DType.FLOAT32);
    }

    /// Adds an operand that the kernel writes.
    CheckedCall writes(String role, View view, DType type) {
        requireUsable(role, view, type);
        written.add(new Operand(role, view));
        return this;
    }

    /// Adds a float32 operand that the kernel reads and writes.
    CheckedCall changes(String role, View view) {
        shareable.add(view);
        return reads(role, view).writes(role, view);
    }

    /// Adds a float32 operand that the kernel reads and writes as it likes: no other may share its
    /// elements, and these may be anything.
    CheckedCall scratch(String role, View view) {
        requireUsable(role, view, DType.FLOAT32);
        scratch.add(new Operand(role, view));
        return this;
    }

    /// Allows the result to be this operand, exactly.
    CheckedCall mayBe(View input) {
        shareable.add(input);
        return this;
    }

    private void requireUsable(String role, View view, DType type) {
        require(view.type() == type, role + " is " + view.type() + ", expected " + type);
        require(!view.storage().released(), role + " " + view.shape() + " was released");
    }

    /// Requires a shape.
    CheckedCall shape(String role, View view, Shape expected) {
        return require(view.shape().equals(expected), role + " is " + view.shape() + ", expected " + expected);
    }

    /// Requires a number of elements.
    CheckedCall size(String role, View view, int expected) {
        return require(
                view.size() == expected,
                "%s is %s with %d elements, expected %d".formatted(role, view.shape(), view.size(), expected));
    }

    /// Requires a number of axes.
    CheckedCall rank(String role, View view, int expected) {
        return require(view.shape().rank() == expected, role + " is " + view.shape() + ", expected rank " + expected);
    }

    /// Requires a relation.
    CheckedCall require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(op + ": " + otherwise);
        }
        return this;
    }

    /// Requires that nothing written overlaps another operand, runs the kernel, and requires finite
    /// results of finite operands where that is asked for.
    void run(Runnable kernel) {
        for (Operand out : written) {
            for (Operand in : read) {
                boolean same = in.view.equals(out.view) && shareable.contains(in.view);
                require(same || !overlap(in.view, out.view), out.role + " shares elements with " + in.role);
            }
            for (Operand other : written) {
                require(
                        other == out || !overlap(other.view, out.view),
                        out.role + " shares elements with " + other.role);
            }
        }
        for (Operand own : scratch) {
            Stream.concat(read.stream(), written.stream())
                    .forEach(
                            other ->
                                    require(
                                            !overlap(other.view, own.view),
                                            own.role + " shares elements with " + other.role));
        }
        boolean finiteBefore = finite && read.stream().allMatch(o -> firstNonFinite(o.view) < 0);
        kernel.run();
        if (finiteBefore) {
            for (Operand out : written) {
                int place = firstNonFinite(out.view);
                require(
                        place < 0,
                        out.role
                                + " "
                                + out.view.shape()
                                + " is not finite at element "
                                + place
                                + ", though all operands are");
            }
        }
    }

    private static boolean overlap(View a, View b) {
        return a.storage() == b.storage()
                && a.size() > 0
                && b.size() > 0
                && a.offset() < b.offset() + b.size()
                && b.offset() < a.offset() + a.size();
    }

    /// Returns the place of the first element that is NaN or infinite, −1 if there is none.
    private int firstNonFinite(View view) {
        if (view.type() == DType.INT32) {
            return -1;
        }
        float[] elements = new float[view.size()];
        backend.download(view, elements, 0);
        for (int i = 0; i < elements.length; i++) {
            if (!Float.isFinite(elements[i])) {
                return i;
            }
        }
        return -1;
    }
}
