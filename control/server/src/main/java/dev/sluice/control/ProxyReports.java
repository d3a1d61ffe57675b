package dev.sluice.control;

import dev.sluice.cluster.zookeeper.Inquiries;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.ListUpstreamsReply;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;
import dev.sluice.proto.cluster.v1.UpstreamsQuestion;

import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

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
     * How endpoints are doing on each proxy that runs; of one that does not answer, the reason.
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
        ListUpstreamsReply.Builder reply = ListUpstreamsReply.newBuilder();
        proxies.forEach(proxy -> reply.addProxies(answers.getOrDefault(proxy, silent(proxy))));
        return new Answer.Done<>(reply.build());
    }

    private static ProxyAnswer silent(String proxy) {
        return ProxyAnswer.newBuilder()
                .setProxy(proxy)
                .setProblem(
                        "no answer within "
                                + Inquiry.PATIENCE.toSeconds()
                                + " s; see its log, or its version: older ones do not know"
                                + " the question")
                .build();
    }
}
