package dev.sluice.cluster.zookeeper;

/**
 * Where things are (DESIGN §3).
 *
 * @param root {@code /sluice/<cluster>}
 */
record Layout(String root) {
    static Layout of(String cluster) {
        return new Layout("/sluice/" + cluster);
    }

    String directors() {
        return root + "/directors";
    }

    String directorMembers() {
        return root + "/members/directors";
    }

    String proxyMembers() {
        return root + "/members/proxies";
    }

    String pools() {
        return root + "/pools";
    }

    String pool(String pool) {
        return pools() + "/" + pool;
    }

    String owned(String pool) {
        return pool(pool) + "/owned";
    }

    String queue(String pool) {
        return pool(pool) + "/queue";
    }

    String revisions() {
        return root + "/config/revisions";
    }

    String revision(long number) {
        return revisions() + "/" + number;
    }

    String rollout() {
        return root + "/config/rollout";
    }

    String sources() {
        return root + "/config/sources";
    }

    String questions() {
        return root + "/questions";
    }

    String proxyQuestions() {
        return root + "/proxy-questions";
    }

    String proxyAnswers() {
        return root + "/proxy-answers";
    }

    String answers() {
        return root + "/answers";
    }

    String trials() {
        return root + "/trials";
    }

    String trialResults() {
        return root + "/trial-results";
    }

    String leader() {
        return root + "/control/leader";
    }

    String events() {
        return root + "/events";
    }
}
