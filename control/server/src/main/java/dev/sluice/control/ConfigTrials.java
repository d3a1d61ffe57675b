package dev.sluice.control;

import dev.sluice.cluster.record.ConfigTrial;
import dev.sluice.cluster.record.Source;
import dev.sluice.cluster.record.TrialResult;
import dev.sluice.cluster.zookeeper.Inquiries;
import dev.sluice.cluster.zookeeper.StoreException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Lets every running proxy build a configuration before any serves it: files, keys and addresses
 * are those of its own host. Blocks; any thread.
 */
final class ConfigTrials {
    private final Supplier<ClusterView> view;
    private final Inquiry<ConfigTrial, TrialResult> inquiry;
    private final String control;

    /**
     * @param control the id of this control process
     */
    ConfigTrials(
            Supplier<ClusterView> view,
            Inquiries<ConfigTrial, TrialResult> inquiries,
            String control) {
        this.view = view;
        this.inquiry = new Inquiry<>(inquiries);
        this.control = control;
    }

    /**
     * What came of it.
     *
     * @param proxies all that were running and serve configurations, in order
     * @param problems each with its proxy; empty = all would serve it
     * @param warnings each with its proxy
     */
    record Result(List<String> proxies, List<String> problems, List<String> warnings) {
        /** Nobody was asked. */
        static final Result NONE = new Result(List.of(), List.of(), List.of());
    }

    Result of(Source source, String origin) throws StoreException, InterruptedException {
        Collection<String> proxies = new TreeSet<>(view.get().proxyMembers().keySet());
        Map<String, TrialResult> results =
                inquiry.ask(
                        new ConfigTrial(control, source, origin),
                        proxies,
                        proxy -> view.get().proxyMembers().containsKey(proxy));
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (String proxy : List.copyOf(proxies)) {
            TrialResult result = results.get(proxy);
            if (result != null && !result.concerned()) {
                proxies.remove(proxy);
            } else if (result != null) {
                result.problems().forEach(problem -> problems.add(proxy + ": " + problem));
                result.warnings().forEach(warning -> warnings.add(proxy + ": " + warning));
            } else if (view.get().proxyMembers().containsKey(proxy)) {
                problems.add(
                        proxy
                                + ": no answer within "
                                + Inquiry.PATIENCE.toSeconds()
                                + " s; see its log, or stop it");
            }
        }
        return new Result(List.copyOf(proxies), problems, warnings);
    }
}
