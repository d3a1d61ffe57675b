package dev.sluice.cluster.record;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.proto.cluster.v1.DirectorAnswer;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;

import java.util.function.Function;

/** One codec per kind of node. */
public final class Codecs {
    public static final Codec<PoolState> POOL_STATE =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.PoolState.parser(),
                    PoolStates::write,
                    PoolStates::read);

    public static final Codec<ChangeQueue> CHANGE_QUEUE =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.ChangeQueue.parser(),
                    ChangeQueues::write,
                    ChangeQueues::read);

    public static final Codec<DirectorRecord> DIRECTOR =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.Director.parser(),
                    Members::writeDirector,
                    Members::readDirector);

    public static final Codec<DirectorMember> DIRECTOR_MEMBER =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.DirectorMember.parser(),
                    Members::writeDirectorMember,
                    Members::readDirectorMember);

    public static final Codec<ProxyMember> PROXY_MEMBER =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.ProxyMember.parser(),
                    Members::writeProxyMember,
                    Members::readProxyMember);

    public static final Codec<OwnedRows> OWNED_ROWS =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.OwnedRows.parser(),
                    OwnedRowSets::write,
                    OwnedRowSets::read);

    public static final Codec<StoredRevision> CONFIG_REVISION =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.ConfigRevision.parser(),
                    Configs::writeRevision,
                    Configs::readRevision);

    public static final Codec<ConfigRollout> CONFIG_ROLLOUT =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.ConfigRollout.parser(),
                    Configs::writeRollout,
                    Configs::readRollout);

    public static final Codec<ConfigTrial> CONFIG_TRIAL =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.ConfigTrial.parser(),
                    Configs::writeTrial,
                    Configs::readTrial);

    public static final Codec<TrialResult> TRIAL_RESULT =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.TrialResult.parser(),
                    Configs::writeResult,
                    Configs::readResult);

    public static final Codec<AuditEvent> EVENT =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.Event.parser(),
                    Configs::writeEvent,
                    Configs::readEvent);

    public static final Codec<Question> QUESTION =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.Question.parser(),
                    Questions::write,
                    Questions::read);

    /** Control processes hand them on as they are, so there is no record beside the message. */
    public static final Codec<DirectorAnswer> ANSWER =
            new ProtoCodec<>(
                    DirectorAnswer.parser(), Function.identity(), (name, answer) -> answer);

    /** Both are handed on as they are, as {@link #ANSWER}. */
    public static final Codec<ProxyQuestion> PROXY_QUESTION =
            new ProtoCodec<>(
                    ProxyQuestion.parser(), Function.identity(), (name, question) -> question);

    public static final Codec<ProxyAnswer> PROXY_ANSWER =
            new ProtoCodec<>(ProxyAnswer.parser(), Function.identity(), (name, answer) -> answer);

    /** Of a file, so the node name does not matter. */
    public static final Codec<Snapshot> SNAPSHOT =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.Snapshot.parser(),
                    Snapshots::write,
                    Snapshots::read);

    private Codecs() {}
}
