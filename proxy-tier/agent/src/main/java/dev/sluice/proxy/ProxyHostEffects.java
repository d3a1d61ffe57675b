package dev.sluice.proxy;

import dev.sluice.cluster.agent.DisplacedRows;
import dev.sluice.cluster.agent.ProxyHostEffect;
import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.agent.ProxyHostObservation;
import dev.sluice.cluster.agent.ProxyHostObservation.InstallFailed;
import dev.sluice.cluster.agent.ProxyHostObservation.Installed;
import dev.sluice.cluster.agent.ProxyHostObservation.Persisted;
import dev.sluice.cluster.agent.ProxyHostObservation.ScanFailed;
import dev.sluice.cluster.agent.ProxyHostObservation.Scanned;
import dev.sluice.cluster.agent.ProxyHostState;
import dev.sluice.cluster.node.StepLoop;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.OwnedRows;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.zookeeper.OwnedRowsStore;
import dev.sluice.cluster.zookeeper.Published;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Carries a proxy host's effects out, on its owner thread. */
final class ProxyHostEffects
        implements StepLoop.Effects<ProxyHostState, ProxyHostObservation, ProxyHostEffect> {
    private static final Logger log = LoggerFactory.getLogger(ProxyHostEffects.class);

    private final Redirect redirect;
    private final Memory memory;
    private final OwnedRowsStore ownedRows;
    private final Service service;
    private final RowReset resets;
    private final MemberRecord member;
    private final ChainTable tables = new ChainTable();
    private final Map<String, ForwardingTable> installed = new HashMap<>();
    private final Map<String, Published<OwnedRows>> reports = new HashMap<>();

    ProxyHostEffects(
            Redirect redirect,
            Memory memory,
            OwnedRowsStore ownedRows,
            Service service,
            RowReset resets,
            MemberRecord member) {
        this.redirect = redirect;
        this.memory = memory;
        this.ownedRows = ownedRows;
        this.service = service;
        this.resets = resets;
        this.member = member;
    }

    /** What the L7 engine does with connections. */
    interface Service {
        void serve(Mode mode);
    }

    @Override
    public List<ProxyHostObservation> carryOut(ProxyHostEffect effect, ProxyHostState state) {
        return switch (effect) {
            case ProxyHostEffect.Install install -> install(install.state());
            case ProxyHostEffect.Persist persist -> persist(persist.state());
            case ProxyHostEffect.Scan scan -> scan(scan, state.self());
            case ProxyHostEffect.Report report -> report(report, state.self());
            case ProxyHostEffect.ResetFlows reset -> reset(reset);
            case ProxyHostEffect.Confirm confirm -> confirm(confirm.untilNanos());
            case ProxyHostEffect.AllowSenders allow -> allowSenders(allow.addresses());
            case ProxyHostEffect.Serve serve -> serve(serve.mode());
            case ProxyHostEffect.PublishMember ignored -> {
                member.publish(state);
                yield List.of();
            }
        };
    }

    private List<ProxyHostObservation> install(PoolState pool) {
        try {
            ForwardingTable table = tables.build(pool);
            redirect.install(table);
            installed.put(pool.name(), table);
            log.atInfo()
                    .addKeyValue("pool", pool.name())
                    .addKeyValue("generation", pool.generation())
                    .log("table.installed");
            return List.of(new Installed(pool.name(), pool.generation()));
        } catch (IOException | IllegalArgumentException e) {
            // IllegalArgumentException: a record that decodes but makes no table.
            log.atError()
                    .addKeyValue("pool", pool.name())
                    .addKeyValue("generation", pool.generation())
                    .addKeyValue("why", e.getMessage())
                    .log("table.refused");
            return List.of(
                    new InstallFailed(
                            pool.name(), pool.generation(), String.valueOf(e.getMessage())));
        }
    }

    private List<ProxyHostObservation> persist(PoolState pool) {
        try {
            memory.keep(pool);
            return List.of(new Persisted(pool.name(), pool.generation()));
        } catch (IOException e) {
            // Not persisted, so not reported: the change waits for this host and says so.
            log.atError().addKeyValue("why", e.toString()).log("snapshot.not_saved");
            return List.of(
                    new InstallFailed(
                            pool.name(), pool.generation(), "its state cannot be saved: " + e));
        }
    }

    private List<ProxyHostObservation> scan(ProxyHostEffect.Scan scan, String self) {
        try {
            DisplacedRows displaced =
                    DisplacedRows.of(
                            tableOf(scan.pool()),
                            self,
                            redirect.flows(),
                            redirect.cookiesSentLately());
            return List.of(new Scanned(scan.pool(), scan.generation(), displaced));
        } catch (IOException e) {
            log.atError().addKeyValue("why", e.toString()).log("scan.failed");
            return List.of(new ScanFailed(scan.pool(), String.valueOf(e.getMessage())));
        }
    }

    private ForwardingTable tableOf(String pool) {
        ForwardingTable table = installed.get(pool);
        if (table == null) {
            throw new IllegalStateException("scan of pool " + pool + " before its install");
        }
        return table;
    }

    private List<ProxyHostObservation> report(ProxyHostEffect.Report effect, String self) {
        OwnedReport report = effect.report();
        reports.computeIfAbsent(effect.pool(), pool -> ownedRows.publish(pool, self))
                .set(
                        new OwnedRows(
                                self,
                                report.incarnation(),
                                report.installedGeneration(),
                                report.fenced(),
                                report.rows(),
                                report.flows(),
                                System.currentTimeMillis()));
        return List.of();
    }

    private List<ProxyHostObservation> reset(ProxyHostEffect.ResetFlows overdue) {
        try {
            resets.reset(overdue.pool(), tableOf(overdue.pool()).spec(), overdue.rows());
            return List.of();
        } catch (IOException e) {
            log.atError().addKeyValue("why", e.toString()).log("flows.not_reset");
            return List.of(new ScanFailed(overdue.pool(), String.valueOf(e.getMessage())));
        }
    }

    private List<ProxyHostObservation> confirm(long untilNanos) {
        try {
            redirect.confirm(untilNanos);
        } catch (IOException e) {
            // Unconfirmed is the safe side: strays are dropped, not reset.
            log.atError().addKeyValue("why", e.toString()).log("confirm.failed");
        }
        return List.of();
    }

    private List<ProxyHostObservation> allowSenders(Set<Address> senders) {
        try {
            redirect.allowSenders(senders);
            log.atInfo().addKeyValue("hosts", senders.size()).log("senders.allowed");
        } catch (IOException e) {
            log.atError().addKeyValue("why", e.toString()).log("senders.not_allowed");
        }
        return List.of();
    }

    private List<ProxyHostObservation> serve(Mode mode) {
        log.atInfo().addKeyValue("mode", mode).log("serve");
        service.serve(mode);
        return List.of();
    }
}
