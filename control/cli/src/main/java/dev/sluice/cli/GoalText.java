package dev.sluice.cli;

import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

import java.util.Arrays;
import java.util.Map;
import java.util.Stack;

/**
 * What follows {@code --wait}: a stage if there is a {@code =}, and whatever else that is a usage
 * error; without one, a word that is no stage is a proxy's name, and left alone.
 */
@SuppressWarnings("JdkObsolete") // picocli's interface
final class GoalText implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
            Stack<String> args, CommandSpec command, ArgSpec arg, Map<String, Object> info) {
        if (!"=".equals(info.get("separator")) && !isStage(args)) {
            args.push(ChangeWait.Goal.drained.name());
        }
        return false;
    }

    private static boolean isStage(Stack<String> args) {
        return !args.isEmpty()
                && Arrays.stream(ChangeWait.Goal.values())
                        .anyMatch(goal -> goal.name().equals(args.peek()));
    }
}
