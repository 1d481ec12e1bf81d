package lamella.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Summary;

import org.junit.jupiter.api.Test;

/// The sizes of the nets, as others count them.
class NetsTest {
    private static Model model(LayerSpec net, Shape input) {
        return Model.build(net, input, MetaBackend.create(), 1);
    }

    @Test
    void resnet50HasItsParametersAndItsCost() {
        Model net = model(Nets.resnet50(), Shape.of(3, 224, 224));
        assertEquals(25_557_032, net.summary().parameters());
        assertEquals(Shape.of(1000), net.output());
        long cost = net.summary().rows().stream().mapToLong(Summary.Row::multiplyAdds).sum();
        assertEquals(4_089_184_256L, cost);
    }

    @Test
    void resnet18HasItsParametersAndItsCost() {
        Model net = model(Nets.resnet18(), Shape.of(3, 224, 224));
        assertEquals(11_689_512, net.summary().parameters());
        assertEquals(Shape.of(1000), net.output());
        long cost = net.summary().rows().stream().mapToLong(Summary.Row::multiplyAdds).sum();
        assertEquals(1_814_073_344L, cost);
    }

    @Test
    void lenetHasItsParameters() {
        assertEquals(61_706, model(Nets.lenet(), Tasks.DIGIT).summary().parameters());
    }

    @Test
    void judgeAndWriterHaveTheirParameters() {
        // the bias of a gate is one here, two in PyTorch
        long judge = 20_000 * 128 + 4 * 128 * (128 + 128 + 1) + 129;
        assertEquals(judge, model(Nets.judge(20_000, 128), Shape.of(80)).summary().parameters());
        Model writer = model(Nets.writer(8000, 256, 512), Shape.of(20));
        assertEquals(8000 * 256 + 4 * 512 * (256 + 512 + 1) + 8000 * 513, writer.summary().parameters());
        assertEquals(Shape.of(20, 8000), writer.output());
    }
}
