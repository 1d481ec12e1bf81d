package lamella.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Optional;

class BackendTest {
    @Test
    void hasNoFusedKernelsUnlessItSaysSo() {
        var silent =
                (Backend)
                        Proxy.newProxyInstance(
                                Backend.class.getClassLoader(),
                                new Class<?>[] {Backend.class},
                                InvocationHandler::invokeDefault);

        assertEquals(Optional.empty(), silent.recurrent());
    }
}
