package dev.sluice.simulation;

/** Where things are in the ensemble: DESIGN §3, for one pool. */
final class Paths {
    static final String POOL_NAME = "web";
    static final String POOL = "pools/web";
    static final String QUEUE = "pools/web/queue";
    static final String DIRECTORS = "directors/";
    static final String DIRECTOR_MEMBERS = "members/directors/";
    static final String PROXY_MEMBERS = "members/proxies/";
    static final String OWNED = "pools/web/owned/";

    private Paths() {}

    static String director(String id) {
        return DIRECTORS + id;
    }

    static String directorMember(String id) {
        return DIRECTOR_MEMBERS + id;
    }

    static String proxyMember(String id) {
        return PROXY_MEMBERS + id;
    }

    static String owned(String proxy) {
        return OWNED + proxy;
    }

    static String idIn(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
