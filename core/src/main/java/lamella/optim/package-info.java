/// How training changes parameters: optimizers, learning-rate schedules, gradient clipping.
///
/// Read [lamella.optim.Optimizers] for what there is, then [lamella.optim.Optimizer], which applies
/// a recipe to the parameters of a model. [lamella.optim.Schedule] and [lamella.optim.Clip] stand
/// by themselves.
package lamella.optim;
