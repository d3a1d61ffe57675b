package dev.sluice.proxy.bench;

import dev.sluice.engine.Transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A proxy under test: how it is told to serve plain and TLS on loopback, with one thread. */
public enum Peer {
    HAPROXY("haproxy") {
        @Override
        List<String> command(Site site) throws IOException {
            Path config = site.file("haproxy.cfg", haproxy(site));
            return List.of(program(), "-db", "-f", config.toString());
        }
    },
    NGINX("nginx") {
        @Override
        List<String> command(Site site) throws IOException {
            Path config = site.file("nginx.conf", nginx(site));
            return List.of(program(), "-p", site.folder().toString(), "-c", config.toString());
        }
    },
    SLUICE_EPOLL("") {
        @Override
        List<String> command(Site site) throws IOException {
            return sluice(site, Transport.EPOLL);
        }
    },
    SLUICE_IO_URING("") {
        @Override
        List<String> command(Site site) throws IOException {
            return sluice(site, Transport.IO_URING);
        }

        @Override
        public Optional<String> missing() {
            return Transport.IO_URING.isAvailable()
                    ? Optional.empty()
                    : Optional.of("this kernel has no io_uring");
        }
    };

    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/sbin"));

    private final String program;

    Peer(String program) {
        this.program = program;
    }

    /** What it is called in results. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Why it cannot be measured here, with the way out; empty if it can. */
    public Optional<String> missing() {
        return program.isEmpty() || find().isPresent()
                ? Optional.empty()
                : Optional.of(
                        program
                                + " is not there: apt-get install --no-install-recommends "
                                + program);
    }

    private Optional<Path> find() {
        return FOLDERS.stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    String program() {
        return find().orElseThrow(() -> new IllegalStateException(program + " is not there"))
                .toString();
    }

    /** Writes its configuration; the command stays in the foreground. */
    abstract List<String> command(Site site) throws IOException;

    private static String haproxy(Site site) {
        return """
        global
            nbthread 1
            maxconn 15000
            no strict-limits
        defaults
            mode http
            timeout connect 5s
            timeout client 60s
            timeout server 60s
            http-reuse always
            option forwardfor
        frontend web
            bind 127.0.0.1:%d
            bind 127.0.0.1:%d ssl crt %s alpn h2,http/1.1
            default_backend app
        backend app
            %s
        %s\
        """
                .formatted(
                        site.plain(),
                        site.tls(),
                        site.certificate().both(),
                        site.balance(),
                        site.origins("    server of-%1$d 127.0.0.1:%1$d\n"));
    }

    private static String nginx(Site site) {
        return """
        daemon off;
        worker_processes 1;
        pid nginx.pid;
        error_log stderr crit;
        events { worker_connections 15000; }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            keepalive_requests 1000000000;
            upstream app { %s %s keepalive 256; keepalive_requests 1000000000; }
            server {
                listen 127.0.0.1:%d;
                listen 127.0.0.1:%d ssl http2;
                ssl_certificate %s;
                ssl_certificate_key %s;
                location / {
                    proxy_pass http://app;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header X-Forwarded-For $remote_addr;
                }
            }
        }
        """
                .formatted(
                        site.balance(),
                        site.origins("server 127.0.0.1:%d; "),
                        site.plain(),
                        site.tls(),
                        site.certificate().chain(),
                        site.certificate().key());
    }

    private static List<String> sluice(Site site, Transport transport) throws IOException {
        String listener = "  - name: %s\n    addresses: [\"127.0.0.1:%d\"]\n";
        String limits = "    limits: {connections: 15000}\n";
        Path config =
                site.file(
                        "sluice.yaml",
                        "listeners:\n"
                                + listener.formatted("plain", site.plain())
                                + limits
                                + listener.formatted("tls", site.tls())
                                + limits
                                + "    tls: {certificates: [{certificate: %s, key: %s}]}\n"
                                        .formatted(
                                                site.certificate().chain(),
                                                site.certificate().key())
                                + "upstreams:\n  - name: app\n    %s\n    endpoints:\n%s"
                                        .formatted(
                                                site.balance(),
                                                site.origins("      - 127.0.0.1:%d\n"))
                                + "routes: [{upstream: app}]\n");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SluiceUnderTest.JVM_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(
                List.of(SluiceUnderTest.class.getName(), transport.name(), config.toString()));
        return command;
    }
}
