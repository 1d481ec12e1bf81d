package lamella.app.captioning;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.Part;
import lamella.app.captioning.picture.Look;
import lamella.app.common.Photo;
import lamella.array.Shape;
import lamella.train.Png;
import lamella.train.Report;

import java.util.List;
import java.util.stream.IntStream;

/// What a report shows of captions.
final class Shown {
    private static final int MOST = 24;

    private Shown() {}

    /// Returns some pictures from all over a part, with their captions.
    static List<Report.Caption> of(Captioner captioner, Encoding encoding, Part part, List<Said> said) {
        int count = Math.min(MOST, part.size());
        Shape regions = captioner.encoder().output();
        return IntStream.range(0, count)
                .map(i -> (int) ((long) i * part.size() / count))
                .mapToObj(i -> caption(part, part.examples().get(i), said.get(i), encoding, regions))
                .toList();
    }

    private static Report.Caption caption(Part part, Captioned example, Said said, Encoding encoding, Shape regions) {
        List<String> words = encoding.tokens(said.ids());
        List<Report.Look> looks =
                IntStream.range(0, said.weights().size())
                        .mapToObj(i -> new Look(words.get(i), said.weights().get(i)))
                        .map(look -> new Report.Look(look.word(), regions.dim(1), regions.dim(2), look.strengths()))
                        .toList();
        byte[] png = png(part.picture(), example.pixels());
        return new Report.Caption(png, example.captions(), encoding.text(said.ids()), looks);
    }

    /// Returns a picture as a PNG file, what is transparent on white.
    private static byte[] png(Shape picture, byte[] pixels) {
        int height = picture.dim(1);
        int width = picture.dim(2);
        Photo photo = Photo.of(pixels, picture.dim(0), height, width);
        return Png.encode(photo.planes(3, height, width), 3, height, width);
    }
}
