package dev.sluice.cluster.transition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Pools;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.Mark;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Decision.Kind;
import dev.sluice.cluster.transition.Decision.Refused;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.transition.Facts.ProxyFacts;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class RegistryTest {
    private static final Address NEW = Address.parse("198.18.20.200");

    private final World world = new World(Pools.active(3));

    @Test
    void anAddedProxyIsKnownButInNoView() {
        world.begin(new Change.Add("p9", NEW, 7));

        assertThat(world.state.proxy("p9")).contains(new Proxy("p9", NEW, State.JOINING, 7));
        assertThat(world.state.generation()).isEqualTo(2);
        assertThat(world.state.newest().has("p9")).isFalse();
        world.allInstall();
        world.begin(new Change.Fill(List.of("p9")));
        assertThat(world.state.pending().orElseThrow().members().getLast().weight()).isEqualTo(7);
    }

    @Test
    void mayBeAddedWhileAChangeIsOpenWhichThenWaitsForItToo() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.begin(new Change.Add("p9", NEW, 1));

        assertThat(world.waitsFor()).containsExactly("commit waits: proxy p9 has no session");
        world.nowUnixMs += CaughtUp.PATIENCE_MS;
        assertThat(world.step()).isEqualTo("epoch 2 committed");
    }

    @Test
    void refusesNamesAddressesAndWeightsThatClash() {
        assertThat(wrong(new Change.Add("p1", NEW, 1)).reason())
                .isEqualTo("pool web has a proxy p1 already, at 198.18.20.2");
        assertThat(wrong(new Change.Add("p9", Address.parse("198.18.20.2"), 1)).reason())
                .isEqualTo("address 198.18.20.2 is that of p1 in pool web");
        assertThat(wrong(new Change.Add("p9", NEW, 0)).wayOut()).contains("drain it");
        assertThat(wrong(new Change.Add("p9", NEW, 65_536)).reason())
                .isEqualTo("weight 65536 of p9: allowed are 1 to 65535");
        assertThat(wrong(new Change.Add("p9", Address.parse("2001:db8::9"), 1)).reason())
                .contains("is not an IPv4 one");
    }

    @Test
    void aPoolHasAtMost256Proxies() {
        World full = new World(Pools.active(200));
        for (int i = 200; i < 256; i++) {
            full.begin(new Change.Add("p" + i, Address.parse("198.18.21." + (i - 199)), 1));
        }

        assertThat(
                        ((Refused)
                                        full.ask(
                                                new Change.Add(
                                                        "p256", Address.parse("198.18.22.1"), 1)))
                                .reason())
                .isEqualTo("pool web has 256 proxies: no more fit");
    }

    @Test
    void removesOnlyWhatIsInNoEpoch() {
        assertThat(wrong(new Change.Remove("p0")).wayOut()).startsWith("drain it first");
        world.begin(new Change.Drain(List.of("p0"), world.nowUnixMs + 5000));
        assertThat(refused(new Change.Remove("p0")).kind()).isEqualTo(Kind.NOT_NOW);
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();

        Refused settling = refused(new Change.Remove("p0"));
        assertThat(settling.kind()).isEqualTo(Kind.NOT_NOW);
        assertThat(settling.proxies()).containsExactly("p0");
        assertThat(settling.rows().isEmpty()).isFalse();
        assertThat(settling.earliestUnixMs()).hasValue(world.nowUnixMs + 5000);
        world.allReportEmpty();
        world.step();

        world.begin(new Change.Remove("p0"));
        assertThat(world.state.proxy("p0")).isEmpty();
        assertThat(wrong(new Change.Remove("p0")).reason()).isEqualTo("pool web has no proxy 'p0'");
    }

    @Test
    void theReportOfARemovedProxyDoesNotSpeakForTheOneAddedUnderItsName() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        commitAndReport();
        world.begin(new Change.Remove("p0"));
        OwnedReport old = world.reports.get("p0");
        world.begin(new Change.Add("p0", Address.parse("198.18.20.1"), 100));
        world.everyoneCatchesUp();
        world.begin(new Change.Fill(List.of("p0")));
        commitAndReport();
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();
        world.allReportEmpty();
        world.reports.put("p0", old);

        assertThat(world.waitsFor()).hasSize(1).allMatch(r -> r.contains("p0 reported at"));
    }

    @Test
    void aConfirmedOffProxyIsNotWaitedFor() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();
        world.allReportEmpty();
        world.reports.remove("p0");
        world.proxies.remove("p0");
        assertThat(world.waitsFor()).hasSize(1);

        world.begin(new Change.ConfirmOff("p0"));
        assertThat(world.step()).isEqualTo("epoch 1 settled");
        assertThat(wrong(new Change.ConfirmOff("p0")).wayOut()).isEqualTo("nothing to do");
    }

    @Test
    void aConfirmedOffProxyNeedNotKnowAGeneration() {
        world.proxies.remove("p0");
        world.begin(new Change.ConfirmOff("p0"));
        world.directors.replaceAll(
                (id, d) -> new Facts.DirectorFacts(0, false, false, d.unreachable()));
        world.proxies.replaceAll((id, p) -> new ProxyFacts("i1", world.state.generation(), 0));

        world.begin(new Change.Drain(List.of("p1"), 0));
        world.proxies.replaceAll((id, p) -> new ProxyFacts("i1", world.state.generation(), 0));
        world.nowUnixMs += CaughtUp.PATIENCE_MS;
        assertThat(world.step()).isEqualTo("epoch 2 committed");
    }

    @Test
    void isNotOffWhileItHasASession() {
        assertThat(refused(new Change.ConfirmOff("p0")).reason())
                .isEqualTo("p0 has a session: it is not off");
    }

    @Test
    void comingBackDisprovesThatItIsOff() {
        world.proxies.remove("p0");
        world.begin(new Change.ConfirmOff("p0"));
        world.allInstall();

        assertThat(world.step()).isEqualTo("p0 has a session: it is not off");
        assertThat(world.state.proxy("p0").map(Proxy::mark)).contains(Mark.NONE);
    }

    @Test
    void itsOldReportIsNeededAgainOnceItIsBack() {
        world.begin(new Change.Drain(List.of("p0"), 0));
        world.everyoneCatchesUp();
        world.step();
        world.proxies.remove("p0");
        world.begin(new Change.ConfirmOff("p0"));
        world.everyoneCatchesUp();
        world.allReportEmpty();
        world.report("p0", RowSet.of(IntStream.range(0, 65_536)));
        PoolState marked = world.state;

        assertThat(world.step()).isEqualTo("p0 has a session: it is not off");
        assertThat(world.state.live()).isEqualTo(marked.live());
        world.everyoneCatchesUp();
        assertThat(world.waitsFor()).hasSize(1);
    }

    private void commitAndReport() {
        world.everyoneCatchesUp();
        world.step();
        world.everyoneCatchesUp();
        world.allReportEmpty();
        world.step();
        world.everyoneCatchesUp();
    }

    private Refused refused(Change change) {
        return (Refused) world.ask(change);
    }

    private Refused wrong(Change change) {
        Refused refused = refused(change);
        assertThat(refused.kind()).isEqualTo(Kind.WRONG);
        return refused;
    }
}
