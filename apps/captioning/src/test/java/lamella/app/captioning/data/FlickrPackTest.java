package lamella.app.captioning.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/// Reads the whole data set where the property `flickr8k` names its folder.
class FlickrPackTest {
    @Test
    void readsTheOfficialSplit() {
        String place = System.getProperty("flickr8k", "");
        assumeTrue(!place.isEmpty() && Files.exists(Path.of(place)), "-Dflickr8k=DIR names no folder");
        FlickrData data = FlickrData.open(Path.of(place), 64, Leniency.none());
        assertEquals(6_000, data.train().size());
        assertEquals(1_000, data.validation().size());
        Part test = data.test("test");
        assertEquals(1_000, test.size());
        assertEquals(5_000, test.examples().stream().mapToInt(example -> example.captions().size()).sum());
    }
}
