package dev.sluice.control;

import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.zookeeper.Inquiries;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.ListUpstreamsReply;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;
import dev.sluice.proto.cluster.v1.UpstreamsQuestion;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What proxies say when they are asked, through ZooKeeper. Blocks; any thread. */
final class ProxyReports {
    private final Supplier<ClusterView> view;
    private final Inquiry<ProxyQuestion, ProxyAnswer> inquiry;
    private final String control;

    /**
     * @param control the id of this control process
     */
    ProxyReports(
            Supplier<ClusterView> view,
            Inquiries<ProxyQuestion, ProxyAnswer> inquiries,
            String control) {
        this.view = view;
        this.inquiry = new Inquiry<>(inquiries);
        this.control = control;
    }

    /**
     * How endpoints are doing on each proxy; of one that does not answer, the reason. A name that
     * all proxies answered not to know is refused.
     *
     * @param name of one upstream; empty for all
     */
    Answer<ListUpstreamsReply> upstreams(String name) throws StoreException, InterruptedException {
        TreeSet<String> proxies = new TreeSet<>(view.get().proxyMembers().keySet());
        ProxyQuestion question =
                ProxyQuestion.newBuilder()
                        .setAskedBy(control)
                        .setUpstreams(UpstreamsQuestion.newBuilder().setName(name))
                        .build();
        Map<String, ProxyAnswer> answers =
                inquiry.ask(
                        question, proxies, proxy -> view.get().proxyMembers().containsKey(proxy));
        if (!name.isEmpty() && answers.size() == proxies.size() && !isKnown(answers.values())) {
            return Answer.unknown(
                    "no proxy has an upstream '" + name + "'", "'sluice upstreams' lists them all");
        }
        ListUpstreamsReply.Builder reply = ListUpstreamsReply.newBuilder();
        proxies.forEach(proxy -> reply.addProxies(answers.getOrDefault(proxy, silent(proxy))));
        absent(proxies).forEach(reply::addProxies);
        return new Answer.Done<>(reply.build());
    }

    private static boolean isKnown(Collection<ProxyAnswer> answers) {
        return answers.stream().anyMatch(answer -> answer.getUpstreamsCount() > 0);
    }

    /** Proxies of the pools that cannot be asked. */
    private Stream<ProxyAnswer> absent(Set<String> asked) {
        return view.get().pools().values().stream()
                .flatMap(pool -> pool.state().proxies().stream().map(Proxy::id))
                .distinct()
                .filter(proxy -> !asked.contains(proxy))
                .sorted()
                .map(proxy -> problem(proxy, "it has no session: it is not running, or cut off"));
    }

    private static ProxyAnswer silent(String proxy) {
        return problem(
                proxy,
                "no answer within "
                        + Inquiry.PATIENCE.toSeconds()
                        + " s; see its log, or its version: older ones do not know the question");
    }

    private static ProxyAnswer problem(String proxy, String what) {
        return ProxyAnswer.newBuilder().setProxy(proxy).setProblem(what).build();
    }
}
