package lamella.app.captioning.data;

import java.util.List;

/// A picture and what it shows, in words.
///
/// @param name what the picture is called: a file's name, or an emoji's code and style
/// @param pixels unsigned bytes, `[channels, H, W]`; the fourth of four channels is how opaque a pixel is
/// @param captions at least one
public record Captioned(String name, byte[] pixels, List<String> captions) {
    /// Copies the list of captions, not the pixels.
    public Captioned {
        captions = List.copyOf(captions);
        if (captions.isEmpty()) {
            throw new IllegalArgumentException(name + ": has no caption");
        }
    }
}
