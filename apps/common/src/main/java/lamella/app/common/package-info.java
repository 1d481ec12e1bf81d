/// What the programs share. A program is an [App] of several [Verb]s; a verb says which [Option]s it
/// takes, gets them as [Arguments] and writes to a [Terminal].
package lamella.app.common;
