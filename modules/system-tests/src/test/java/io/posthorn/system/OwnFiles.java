package io.posthorn.system;

import io.posthorn.system.NetworkOfNamespaces.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files that a process sees in place of the machine's: {@code /etc/hosts}, and what Kubernetes puts into a pod. They are bound
 * over the others where that process alone sees it, so nothing of the machine is touched.
 */
final class OwnFiles {
    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    /** {@code $0} is the directory of the files; what comes after it is what is run. */
    private static final String BIND = "mount --bind \"$0/hosts\" /etc/hosts && if [ -d \"$0/account\" ]; then"
            + " mount -t tmpfs tmpfs /var/run/ && mkdir -p " + ACCOUNT + " && mount --bind \"$0/account\" " + ACCOUNT
            + "; fi && exec \"$@\"";

    private final Path directory;

    OwnFiles(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** The addresses of a name, instead of those that it had; the processes that run see it. */
    OwnFiles hosts(String name, List<String> addresses) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "127.0.0.1 localhost", "127.0.0.1 " + InetAddress.getLocalHost().getHostName()));
        addresses.forEach(address -> lines.add(address + " " + name));
        // The same file as before: another of its name would not be the one that is bound.
        Files.write(directory.resolve("hosts"), lines);
        return this;
    }

    /**
     * The account of a pod.
     *
     * @param authority that signed the certificate of the API, in PEM
     */
    OwnFiles account(String token, String authority, String namespace) throws IOException {
        Path account = Files.createDirectories(directory.resolve("account"));
        Files.writeString(account.resolve("token"), token);
        Files.writeString(account.resolve("ca.crt"), authority);
        Files.writeString(account.resolve("namespace"), namespace);
        return this;
    }

    /** What goes before a command that runs at that place with these files. */
    List<String> prefix(Place place) {
        return Stream.concat(place.prefix().stream(), Stream.of("sh", "-c", BIND, directory.toString()))
                .toList();
    }
}
