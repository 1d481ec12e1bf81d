/// Examples for training: datasets on the host, cut into shuffled batches, augmented by seed.
///
/// Read [lamella.data.Dataset], [lamella.data.Batch] and [lamella.data.Batching];
/// [lamella.data.ImageDataset] holds images, [lamella.data.Idx] reads them from files.
/// [lamella.data.Words] cuts texts, [lamella.data.Vocabulary] numbers their words, and
/// [lamella.data.SequenceDataset] holds the numbers.
package lamella.data;
