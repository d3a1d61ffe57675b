package dev.sluice.cli;

import dev.sluice.proto.admin.v1.RemoveDirectorReply;
import dev.sluice.proto.admin.v1.RemoveDirectorRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = {
            "Say that a director is off for good, so that changes no longer wait for it.",
            "Only for a host that surely forwards nothing any more: its packets would follow an",
            "older view. A director that runs is refused; one that comes back records itself.",
        },
        footer = {"", "Example:", "  sluice directors remove director-2"})
final class DirectorsRemoveCommand extends AdminCommand {
    @Parameters(paramLabel = "ID", description = "The director's id, as 'sluice status' shows it.")
    String id = "";

    @Mixin private ReplyOutput output = new ReplyOutput();

    @Override
    int run(AdminClient client) throws Failure {
        RemoveDirectorRequest request =
                RemoveDirectorRequest.newBuilder().setId(id).setActor(claim()).build();
        RemoveDirectorReply reply = client.call(stub -> stub.removeDirector(request));
        output.print(
                out(),
                reply,
                "director "
                        + id
                        + " is removed; no change waits for it\n"
                        + "what its host still forwards follows an older view: take it off the"
                        + " network if it is not");
        return ExitCode.DONE;
    }
}
