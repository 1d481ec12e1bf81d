package lamella.app.common;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.lang.module.ModuleDescriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A program: its verbs, and how a run of it ends.
///
/// The exit status is 0 if all went well; 1 after an expected failure, whose message is all that is
/// written to the error stream; 2 if the command line makes no sense; 130 after Ctrl-C.
///
/// {@snippet :
/// var app = new App("mnist", "Learns to read digits.", App.versionOf(Main.class), verbs);
/// System.exit(app.run(Terminal.system(), System.getenv(), arguments));
/// }
///
/// @param name the program's name, as it is called
/// @param description what it does, a sentence for the help
/// @param version its version
/// @param verbs what it can do, in the order of the help
public record App(String name, String description, String version, List<Verb> verbs) {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int HELP_WIDTH = 100;

    /// Copies the list.
    public App {
        verbs = List.copyOf(verbs);
    }

    /// Returns the version of a class's module, or `development` where there is none.
    public static String versionOf(Class<?> type) {
        return Optional.ofNullable(type.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse("development");
    }

    /// Runs the program and returns the exit status.
    ///
    /// @param environment the environment's variables
    /// @param arguments the command line without the program's name
    public int run(Terminal terminal, Map<String, String> environment, String... arguments) {
        CommandLine commandLine = commandLine(asked(arguments));
        ParseResult result;
        try {
            result = commandLine.parseArgs(arguments);
        } catch (ParameterException e) {
            terminal.err().println(usageMessage(e));
            return WRONG_USAGE;
        }
        if (result.isVersionHelpRequested()) {
            terminal.out().println(name + " " + version);
            return OK;
        }
        ParseResult leaf = result.hasSubcommand() ? result.subcommand() : result;
        if (leaf.isUsageHelpRequested()) {
            terminal.out().print(help(leaf));
            return OK;
        }
        if (leaf == result) {
            terminal.err().print(help(leaf));
            return WRONG_USAGE;
        }
        return run((Verb) leaf.commandSpec().userObject(), leaf, terminal, environment);
    }

    private static String help(ParseResult leaf) {
        return leaf.commandSpec().commandLine().getUsageMessage(Ansi.OFF);
    }

    private int run(Verb verb, ParseResult result, Terminal terminal, Map<String, String> environment) {
        var written = new LinkedHashMap<Option<?>, String>();
        for (Option<?> option : verb.options()) {
            if (result.hasMatchedOption(option.name())) {
                written.put(option, String.valueOf(result.<Object>matchedOptionValue(option.name(), "")));
            }
        }
        List<String> operands = result.matchedPositionalValue(0, List.of());
        try {
            verb.run(Arguments.read(written, operands, environment), terminal);
            terminal.out().flush();
            return OK;
        } catch (Interruption.Interrupted e) {
            return Interruption.STATUS;
        } catch (RuntimeException | Error e) {
            terminal.out().flush();
            return fail(e, terminal);
        }
    }

    private int fail(Throwable failure, Terminal terminal) {
        Optional<String> message = Failure.expected(failure);
        if (message.isPresent()) {
            terminal.err().println(message.get());
        } else {
            terminal.err().println("this is a bug in " + name + " " + version + ":");
            failure.printStackTrace(terminal.err());
        }
        return FAILED;
    }

    /// The verb that the command line begins with, alone: options of all others would cost a brief run a tenth of its
    /// time. All of them where it begins with something else.
    private List<Verb> asked(String... arguments) {
        return arguments.length == 0
                ? verbs
                : verbs.stream()
                        .filter(verb -> verb.name().equals(arguments[0]))
                        .findFirst()
                        .map(List::of)
                        .orElse(verbs);
    }

    private CommandLine commandLine(List<Verb> known) {
        CommandSpec root = CommandSpec.create().name(name);
        root.usageMessage().description(description.replace("%", "%%"));
        root.usageMessage().synopsisSubcommandLabel("VERB").commandListHeading("Verbs:%n");
        root.addOption(help());
        root.addOption(
                OptionSpec.builder("--version").versionHelp(true).description("print the version and exit").build());
        known.forEach(verb -> root.addSubcommand(verb.name(), spec(verb)));
        return new CommandLine(root)
                .setUsageHelpWidth(HELP_WIDTH)
                .setExpandAtFiles(false)
                .setUnmatchedOptionsAllowedAsOptionParameters(false);
    }

    private static CommandSpec spec(Verb verb) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(verb);
        spec.usageMessage()
                .description(verb.description().replace("%", "%%"))
                .sortOptions(false)
                .sortSynopsis(false)
                .abbreviateSynopsis(true);
        for (Option<?> option : verb.options()) {
            OptionSpec.Builder builder =
                    OptionSpec.builder(option.name())
                            .description(option.help().replace("%", "%%"))
                            .required(option.required());
            spec.addOption(valued(builder, option).build());
        }
        spec.addOption(help());
        verb.operands()
                .ifPresent(
                        operands ->
                                spec.addPositional(
                                        PositionalParamSpec.builder()
                                                .arity(operands.required() ? "1..*" : "0..*")
                                                .required(operands.required())
                                                .type(List.class)
                                                .auxiliaryTypes(String.class)
                                                .paramLabel(operands.label())
                                                .description(operands.description())
                                                .build()));
        return spec;
    }

    private static OptionSpec.Builder valued(OptionSpec.Builder builder, Option<?> option) {
        if (option.isFlag()) {
            return builder.type(boolean.class).arity("0");
        }
        builder.paramLabel(option.label());
        return option.isToggle()
                ? builder.type(boolean.class).arity("0..1").fallbackValue("true")
                : builder.type(String.class).arity("1");
    }

    private static OptionSpec help() {
        return OptionSpec.builder("--help").usageHelp(true).description("print this help and exit").build();
    }

    private static String usageMessage(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            boolean root = unmatched.getCommandLine().getParent() == null;
            String what =
                    unmatched.isUnknownOption()
                            ? "unknown option '"
                            : root ? "unknown verb '" : "unexpected argument '";
            return what + first + "'" + suggestion(unmatched, root);
        }
        String message = e.getMessage();
        return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String suggestion(UnmatchedArgumentException e, boolean root) {
        List<String> near = e.getSuggestions();
        if (!near.isEmpty()) {
            return "; did you mean '" + near.getFirst() + "'?";
        }
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        return root || e.isUnknownOption() ? "; see '" + command + " --help'" : "";
    }
}
