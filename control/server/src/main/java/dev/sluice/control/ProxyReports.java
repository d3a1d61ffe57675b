package dev.sluice.control;

import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.zookeeper.Inquiries;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.ListMalformedReply;
import dev.sluice.proto.admin.v1.ListUpstreamsReply;
import dev.sluice.proto.admin.v1.ReadTrafficReply;
import dev.sluice.proto.cluster.v1.MalformedQuestion;
import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.ProxyQuestion;
import dev.sluice.proto.cluster.v1.TrafficQuestion;
import dev.sluice.proto.cluster.v1.UpstreamsQuestion;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
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
        Set<String> proxies = running();
        Map<String, ProxyAnswer> answers =
                ask(question().setUpstreams(UpstreamsQuestion.newBuilder().setName(name)), proxies);
        if (!name.isEmpty() && answers.size() == proxies.size() && !isKnown(answers.values())) {
            return Answer.unknown(
                    "no proxy has an upstream '" + name + "'", "'sluice upstreams' lists them all");
        }
        ListUpstreamsReply.Builder reply = ListUpstreamsReply.newBuilder();
        proxies.forEach(proxy -> reply.addProxies(answers.getOrDefault(proxy, silent(proxy))));
        absent(proxies).forEach(reply::addProxies);
        return new Answer.Done<>(reply.build());
    }

    /**
     * The last messages that were not valid.
     *
     * @param proxy only what this one saw; empty for all
     */
    Answer<ListMalformedReply> malformed(String proxy) throws StoreException, InterruptedException {
        return asked(
                proxy,
                question().setMalformed(MalformedQuestion.getDefaultInstance()),
                answers -> ListMalformedReply.newBuilder().addAllProxies(answers).build());
    }

    /**
     * What was counted so far.
     *
     * @param proxy only what this one counted; empty for all
     */
    Answer<ReadTrafficReply> traffic(String proxy) throws StoreException, InterruptedException {
        return asked(
                proxy,
                question().setTraffic(TrafficQuestion.getDefaultInstance()),
                answers -> ReadTrafficReply.newBuilder().addAllProxies(answers).build());
    }

    /** One answer of each proxy, by id; of one that does not answer, the reason. */
    private <R> Answer<R> asked(
            String only, ProxyQuestion.Builder question, Function<List<ProxyAnswer>, R> reply)
            throws StoreException, InterruptedException {
        Set<String> proxies = running();
        List<ProxyAnswer> absent = absent(proxies).toList();
        Predicate<String> wanted = proxy -> only.isEmpty() || only.equals(proxy);
        if (proxies.stream().noneMatch(wanted)
                && absent.stream().map(ProxyAnswer::getProxy).noneMatch(wanted)
                && !only.isEmpty()) {
            return Answer.unknown(
                    "there is no proxy '" + only + "'", "'sluice status' lists them all");
        }
        proxies.removeIf(wanted.negate());
        Map<String, ProxyAnswer> answers = ask(question, proxies);
        List<ProxyAnswer> all = new ArrayList<>();
        proxies.forEach(proxy -> all.add(answers.getOrDefault(proxy, silent(proxy))));
        absent.stream().filter(one -> wanted.test(one.getProxy())).forEach(all::add);
        return new Answer.Done<>(reply.apply(all));
    }

    private Set<String> running() {
        return new TreeSet<>(view.get().proxyMembers().keySet());
    }

    private ProxyQuestion.Builder question() {
        return ProxyQuestion.newBuilder().setAskedBy(control);
    }

    private Map<String, ProxyAnswer> ask(ProxyQuestion.Builder question, Set<String> proxies)
            throws StoreException, InterruptedException {
        return inquiry.ask(
                question.build(), proxies, proxy -> view.get().proxyMembers().containsKey(proxy));
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
