package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.ConfigStatus;
import dev.sluice.proto.admin.v1.DirectorStatus;
import dev.sluice.proto.admin.v1.EpochPhase;
import dev.sluice.proto.admin.v1.EpochStatus;
import dev.sluice.proto.admin.v1.Event;
import dev.sluice.proto.admin.v1.Health;
import dev.sluice.proto.admin.v1.ListEventsReply;
import dev.sluice.proto.admin.v1.PoolDirectorStatus;
import dev.sluice.proto.admin.v1.PoolPhase;
import dev.sluice.proto.admin.v1.PoolStatus;
import dev.sluice.proto.admin.v1.ProxyState;
import dev.sluice.proto.admin.v1.ProxyStatus;
import dev.sluice.proto.admin.v1.ZooKeeperStatus;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.TreeMap;

class RenderingTest {
    private static final ClusterStatus STATUS =
            ClusterStatus.newBuilder()
                    .setCluster("lab")
                    .setUnixMs(1_000_000)
                    .setControl("control-2")
                    .setLeader("control-1")
                    .setZookeeper(
                            ZooKeeperStatus.newBuilder()
                                    .setServers("198.18.0.9:2181")
                                    .setConnected(true)
                                    .setCurrent(true))
                    .setConfig(
                            ConfigStatus.newBuilder()
                                    .setActiveRevision(3)
                                    .setOrigin("site.yaml")
                                    .setAppliedBy("ann")
                                    .setAppliedUnixMs(940_000))
                    .addPools(
                            PoolStatus.newBuilder()
                                    .setName("web")
                                    .setGeneration(7)
                                    .setWire("sluice")
                                    .addBinds("203.0.113.10:80/tcp")
                                    .setPhase(PoolPhase.POOL_PHASE_SETTLING)
                                    .addEpochs(
                                            EpochStatus.newBuilder()
                                                    .setId(2)
                                                    .setPhase(EpochPhase.EPOCH_PHASE_NEWEST)
                                                    .setCommitGeneration(7)
                                                    .setDeadlineUnixMs(2_633_000))
                                    .addProxies(
                                            ProxyStatus.newBuilder()
                                                    .setId("proxy-1")
                                                    .setAddress("198.18.3.1")
                                                    .setState(ProxyState.PROXY_STATE_DRAINING)
                                                    .setHealth(Health.HEALTH_HEALTHY)
                                                    .setWeight(1)
                                                    .setPresent(true)
                                                    .setInstalledGeneration(7)
                                                    .setConnections(12)
                                                    .setDisplacedFlows(3)
                                                    .setReportUnixMs(1)
                                                    .setConfigRevision(3))
                                    .addProxies(
                                            ProxyStatus.newBuilder()
                                                    .setId("proxy-10")
                                                    .setAddress("198.18.3.10")
                                                    .setState(ProxyState.PROXY_STATE_ACTIVE)
                                                    .setWeight(100))
                                    .addDirectors(
                                            PoolDirectorStatus.newBuilder()
                                                    .setId("director-1")
                                                    .setAcknowledgedGeneration(6)
                                                    .setLagging(true))
                                    .addWaitingFor("epoch 1 settles: proxy-1 holds 3"))
                    .addDirectors(
                            DirectorStatus.newBuilder()
                                    .setId("director-1")
                                    .setAddress("198.18.1.2")
                                    .setPresent(true)
                                    .setAnnouncing(true)
                                    .setDatapath("xdp")
                                    .setVersion("0.1")
                                    .addProblems("old kernel"))
                    .addProblems("/sluice/lab/pools/x: junk")
                    .build();

    @Test
    void aStatusReadsAsTables() {
        assertThat(StatusText.of(STATUS))
                .isEqualTo(
                        """
                        cluster lab   leader control-1   asked control-2   zookeeper 198.18.0.9:2181 connected
                        config revision 3   site.yaml   applied by ann 1m 0s ago

                        pool web   generation 7   settling   203.0.113.10:80/tcp   wire sluice
                          PROXY     STATE     HEALTH      INSTALLED  CONNECTIONS  DISPLACED  CONFIG  WEIGHT  ADDRESS
                          proxy-1   draining  healthy     7          12           3          3       1       198.18.3.1
                          proxy-10  active    no session  -          -            -          -       100     198.18.3.10
                          deadline in 27m 13s: displaced connections are reset then
                          waiting: epoch 1 settles: proxy-1 holds 3

                        DIRECTOR    STATE       ACKNOWLEDGED     DATAPATH  VERSION  ADDRESS
                        director-1  announcing  web 6 (lagging)  xdp       0.1      198.18.1.2

                        problems
                          /sluice/lab/pools/x: junk
                          director-1: old kernel
                        """);
    }

    @Test
    void anEmptyClusterSaysWhatToDo() {
        assertThat(StatusText.of(ClusterStatus.getDefaultInstance()))
                .contains("NOT CONNECTED")
                .contains("leader none")
                .contains("sluice config apply -f FILE")
                .contains("no pools")
                .contains("no directors");
    }

    @Test
    void jsonHasEveryFieldWithPlainNumbersAndWords() {
        ListEventsReply reply =
                ListEventsReply.newBuilder()
                        .addEvents(
                                Event.newBuilder()
                                        .setUnixMs(12)
                                        .setActor("a \"b\"\\\n\u0001")
                                        .setGeneration(9_007_199_254_740_993L))
                        .build();
        assertThat(Json.line(reply))
                .isEqualTo(
                        "{\"events\":[{\"unix_ms\":12,\"actor\":\"a \\\"b\\\"\\\\\\n\\u0001\","
                                + "\"action\":\"\",\"subject\":\"\",\"effect\":\"\","
                                + "\"generation\":9007199254740993,\"sequence\":0}]}");
        assertThat(Json.pretty(ListEventsReply.getDefaultInstance()))
                .isEqualTo("{\n  \"events\": []\n}");
        assertThat(Json.line(STATUS))
                .contains("\"phase\":\"settling\"")
                .contains("\"state\":\"draining\"")
                .contains("\"health\":\"unspecified\"")
                .contains("\"lagging\":true");
        assertThat(Json.line(new TreeMap<>(Map.of("a", 1, "b", "x"))))
                .isEqualTo("{\"a\":1,\"b\":\"x\"}");
    }

    @Test
    void durationsShowTwoUnits() {
        assertThat(Words.duration(-5)).isEqualTo("0s");
        assertThat(Words.duration(59_999)).isEqualTo("59s");
        assertThat(Words.duration(1_633_000)).isEqualTo("27m 13s");
        assertThat(Words.duration(7_260_000)).isEqualTo("2h 1m");
        assertThat(Words.duration(90_000_000)).isEqualTo("1d 1h");
    }
}
