/// Model files, checkpoints and net descriptions.
///
/// Read [lamella.io.ModelFile], then [lamella.io.SafeTensors], the format that it is written in.
/// [lamella.io.SpecJson] reads nets that nobody compiled. Nothing that is read is trusted: a bad
/// file is a [lamella.io.ModelFileException] of one line, before anything is allocated for it.
package lamella.io;
