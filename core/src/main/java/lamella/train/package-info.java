/// Training: the loop, what it tells its observers, evaluation, and reports.
///
/// Read [lamella.train.Trainer], [lamella.train.TrainingEvent] and [lamella.train.Evaluation]; then
/// [lamella.train.TrainingState], which resumes a training bit by bit, and [lamella.train.Report].
package lamella.train;
