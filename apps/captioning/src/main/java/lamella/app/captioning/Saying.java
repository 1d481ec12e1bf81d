package lamella.app.captioning;

import lamella.tensor.Tensor;

import java.util.List;

/// A way to choose the words of captions.
interface Saying {
    /// Returns a caption for each picture.
    ///
    /// @param pictures `[N, 3, H, W]`
    /// @param keepWeights whether captions tell what was looked at
    List<Said> say(Captioner captioner, Tensor pictures, Encoding encoding, boolean keepWeights);
}
