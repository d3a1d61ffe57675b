package dev.sluice.cli;

import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

import java.util.Stack;

/** Takes {@code acknowledged} or {@code drained}, and leaves a proxy's name alone. */
@SuppressWarnings("JdkObsolete") // picocli's interface
final class GoalConsumer implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> args, ArgSpec arg, CommandSpec command) {
        for (ChangeWait.Goal goal : ChangeWait.Goal.values()) {
            if (!args.isEmpty() && args.peek().equals(goal.name())) {
                args.pop();
                arg.setValue(goal);
                return;
            }
        }
        arg.setValue(ChangeWait.Goal.drained);
    }
}
