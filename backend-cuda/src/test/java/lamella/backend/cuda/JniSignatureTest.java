package lamella.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The functions of JCuda that this module calls: JCudnn's classes are of another version than its
/// native library, and a function that the library lacks, or takes in another order, would show on a
/// GPU only.
final class JniSignatureTest {
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "jcuda/driver/JCudaDriver", "JCudaDriver",
                    "jcuda/jcublas/JCublas2", "JCublas2",
                    "jcuda/jcudnn/JCudnn", "JCudnn");

    /// A function of JCuda.
    private record Function(String owner, String name, String descriptor) implements Comparable<Function> {
        static Function of(InvokeInstruction call) {
            return new Function(call.owner().asInternalName(), call.name().stringValue(), call.type().stringValue());
        }

        @Override
        public int compareTo(Function other) {
            return toString().compareTo(other.toString());
        }
    }

    private static Stream<InvokeInstruction> calls(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast);
    }

    private static Set<Function> used() throws IOException {
        var used = new TreeSet<Function>();
        try (Stream<Path> files = Files.walk(Path.of("target", "classes"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                ClassFile.of().parse(file).methods().stream()
                        .flatMap(JniSignatureTest::calls)
                        .map(Function::of)
                        .filter(function -> LIBRARIES.containsKey(function.owner()))
                        .forEach(used::add);
            }
        }
        return used;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static MethodModel method(ClassModel owner, Function function) {
        return owner.methods().stream()
                .filter(m -> m.methodName().equalsString(function.name()))
                .filter(m -> m.methodType().equalsString(function.descriptor()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(function + " is not there"));
    }

    /// The native function behind a function of JCuda, which hands its arguments on in their order.
    private static Function behind(ClassModel owner, Function function) {
        MethodModel method = method(owner, function);
        if (method.flags().has(AccessFlag.NATIVE)) {
            return function;
        }
        var arguments = new ArrayList<Integer>();
        for (CodeElement element : method.code().orElseThrow()) {
            if (element instanceof LoadInstruction load) {
                arguments.add(load.slot());
            }
            if (element instanceof InvokeInstruction call
                    && call.opcode() == Opcode.INVOKESTATIC
                    && call.owner().asInternalName().equals(function.owner())
                    && method(owner, Function.of(call)).flags().has(AccessFlag.NATIVE)) {
                assertEquals(function.descriptor(), call.type().stringValue(), function.name());
                List<Integer> passed =
                        arguments.subList(arguments.size() - call.typeSymbol().parameterCount(), arguments.size());
                assertEquals(passed.stream().sorted().toList(), passed, "order of " + function.name());
                return Function.of(call);
            }
        }
        throw new AssertionError(function + " calls no native function");
    }

    @TestFactory
    Stream<DynamicTest> everyFunctionIsInItsNativeLibrary() throws IOException {
        Set<Function> used = used();
        assertFalse(used.isEmpty());
        return used.stream()
                .filter(function -> !function.name().equals("setExceptionsEnabled"))
                .map(function -> DynamicTest.dynamicTest(function.name(), () -> check(function)));
    }

    private static void check(Function function) throws IOException {
        ClassModel owner = ClassFile.of().parse(resource(function.owner() + ".class"));
        Function found = behind(owner, function);
        String symbol = "Java_" + found.owner().replace('/', '_') + "_" + found.name().replace("_", "_1");
        String library = "lib/lib" + LIBRARIES.get(function.owner()) + "-12.6.0-linux-x86_64.so";
        String text = new String(resource(library), StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("\0" + symbol + "\0"), library + " has no " + symbol);
    }

    /// Traps of JCuda that are easily walked into: functions that are there and do not work.
    @Test
    void doesNotUseFunctionsThatAreKnownNotToWork() throws IOException {
        Set<String> broken = Set.of("cublasGemmEx", "cublasGemmBatchedEx", "cublasGemmStridedBatchedEx");
        used().forEach(function -> assertFalse(broken.contains(function.name()), function.name()));
    }
}
