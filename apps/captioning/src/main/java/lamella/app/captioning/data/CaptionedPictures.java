package lamella.app.captioning.data;

import lamella.app.common.Photo;
import lamella.app.common.Utf8Lines;
import lamella.array.Shape;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Brings pictures and captions together.
final class CaptionedPictures {
    private static final int CHANNELS = 3;

    private final String place;
    private final Captions captions;
    private final PictureSource pictures;
    private final int side;
    private final Leniency leniency;
    private final Set<String> there;

    /// @param place what holds them, for messages
    /// @param side the height and the width that every picture is scaled to
    /// @param names of the examples: each should have a caption and a picture
    /// @throws UncheckedIOException if one has not, and that is not tolerated
    CaptionedPictures(
            String place,
            Captions captions,
            PictureSource pictures,
            int side,
            Collection<String> names,
            Leniency leniency) {
        this.place = place;
        this.captions = captions;
        this.pictures = pictures;
        this.side = side;
        this.leniency = leniency;
        there = pictures.names();
        var faults = new Faults(place);
        for (String name : names) {
            if (!there.contains(name)) {
                faults.add(Faults.Kind.NO_PICTURE, name);
            } else if (!captions.of().containsKey(name)) {
                faults.add(Faults.Kind.NO_CAPTION, name);
            }
        }
        captions.empty().stream().filter(names::contains).forEach(name -> faults.add(Faults.Kind.EMPTY_CAPTION, name));
        faults.settle(leniency);
    }

    /// Tells whether there is both.
    boolean isWhole(String name) {
        return there.contains(name) && captions.of().containsKey(name);
    }

    /// A picture that was read, or why it could not be.
    private record Decoded(String name, byte[] pixels, String fault) {}

    /// Reads some pictures, on all processors.
    ///
    /// @throws UncheckedIOException if one cannot be read, and that is not tolerated, or if there are none
    Part part(String part, List<String> names) {
        List<Decoded> decoded = names.parallelStream().filter(this::isWhole).map(this::decode).toList();
        var faults = new Faults(place);
        var examples = new ArrayList<Captioned>();
        for (Decoded picture : decoded) {
            if (picture.fault.isEmpty()) {
                examples.add(new Captioned(picture.name, picture.pixels, captions.of().get(picture.name)));
            } else {
                faults.add(Faults.Kind.UNREADABLE, picture.fault);
            }
        }
        faults.settle(leniency);
        if (examples.isEmpty()) {
            throw Utf8Lines.broken("%s: no picture of the part '%s' is left".formatted(place, part), null);
        }
        return new Part(part, Shape.of(CHANNELS, side, side), examples);
    }

    private Decoded decode(String name) {
        try {
            Photo photo = pictures.read(name);
            return new Decoded(name, photo.planes(CHANNELS, side, side), "");
        } catch (UncheckedIOException e) {
            return new Decoded(name, new byte[0], e.getMessage());
        }
    }
}
