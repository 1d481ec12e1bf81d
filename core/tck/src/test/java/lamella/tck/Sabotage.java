package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.OptimizerKernels;
import lamella.backend.RecurrentKernels;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.View;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One wrong thing that one kernel of the reference backend does after its work.
enum Sabotage {
    /// The last element of the result is off by a thousandth.
    WRONG_VALUE,
    /// The element behind the result is overwritten.
    WRITES_BEYOND,
    /// The first element of an operand that is only read is overwritten.
    CHANGES_INPUT,
    /// The last element of the result is the neighbouring float.
    WRONG_LAST_BIT;

    /// Returns a reference backend in which this kernel is sabotaged.
    ///
    /// @param group the accessor of the kernel's group in [Backend]
    Backend of(String group, Method kernel) {
        var reference = ReferenceBackend.create();
        InvocationHandler backend =
                (_, method, arguments) -> {
                    Object result = invoke(method, reference, arguments);
                    if (!method.getName().equals(group)) {
                        return result;
                    }
                    Class<?> type = kernel.getDeclaringClass();
                    return result instanceof Optional<?> optional
                            ? optional.map(kernels -> kernels(reference, type, kernels, kernel))
                            : kernels(reference, type, result, kernel);
                };
        return (Backend)
                Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, backend);
    }

    private Object kernels(ReferenceBackend reference, Class<?> type, Object delegate, Method kernel) {
        InvocationHandler kernels =
                (_, method, arguments) -> {
                    Object result = invoke(method, delegate, arguments);
                    if (method.equals(kernel)) {
                        damage(reference, touched(kernel, arguments));
                    }
                    return result;
                };
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, kernels);
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /// An operand that a kernel reads, and one that it writes.
    private record Touched(View in, View out) {}

    /// The last view is the result; optimizers change the first; recurrent kernels say it in records.
    private static Touched touched(Method kernel, Object[] arguments) {
        if (kernel.getDeclaringClass() == RecurrentKernels.class) {
            View x = ((Pass) arguments[1]).x();
            boolean forward = kernel.getName().equals("forward");
            return new Touched(x, forward ? ((Pass) arguments[1]).states() : ((Pass) arguments[3]).x());
        }
        List<View> views = views(arguments);
        boolean optimizer = kernel.getDeclaringClass() == OptimizerKernels.class;
        return optimizer ? new Touched(views.get(1), views.getFirst()) : new Touched(views.getFirst(), views.getLast());
    }

    private static List<View> views(Object[] arguments) {
        return Arrays.stream(arguments)
                .flatMap(a -> a instanceof List<?> parts ? parts.stream() : Stream.of(a))
                .filter(View.class::isInstance)
                .map(View.class::cast)
                .toList();
    }

    private void damage(ReferenceBackend reference, Touched touched) {
        View in = touched.in();
        View out = touched.out();
        switch (this) {
            case WRONG_VALUE -> change(reference, out, out.size() - 1, 1e-3);
            case WRONG_LAST_BIT -> change(reference, out, out.size() - 1, 1e-7);
            case WRITES_BEYOND -> {
                int behind = out.offset() + out.size();
                if (behind < out.storage().size()) {
                    overwrite(reference, new View(out.storage(), behind, Shape.of(1)));
                }
            }
            case CHANGES_INPUT -> {
                if (in.storage() != out.storage() && in.size() > 0) {
                    overwrite(reference, in);
                }
            }
        }
    }

    private static void change(ReferenceBackend reference, View view, int index, double by) {
        if (index < 0) {
            return;
        }
        if (view.type() == DType.INT32) {
            ReferenceStorage.ints(view)[view.offset() + index]++;
        } else {
            double value = reference.get(view, index);
            reference.set(view, index, value + by * (1 + Math.abs(value)));
        }
    }

    private static void overwrite(ReferenceBackend reference, View view) {
        if (view.type() == DType.INT32) {
            ReferenceStorage.ints(view)[view.offset()] ^= 1;
        } else {
            reference.set(view, 0, 1234.5);
        }
    }
}
