import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Runs cases of gRPC's own test client one after the other in one process, and says for each
 * whether it passed: {@code java -cp 'target/lib/*' InteropCases.java PORT TLS CASE...}.
 */
final class InteropCases {
    private static final String CLIENT = "io.grpc.testing.integration.TestServiceClient";

    public static void main(String[] args) throws Exception {
        boolean tls = Boolean.parseBoolean(args[1]);
        boolean passed = true;
        for (String name : List.of(args).subList(2, args.length)) {
            passed &= passes(Integer.parseInt(args[0]), tls, name);
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean passes(int port, boolean tls, String name) throws Exception {
        String[] options = {
            "--server_host=127.0.0.1",
            "--server_host_override=foo.test.google.fr",
            "--server_port=" + port,
            "--test_case=" + name,
            "--use_tls=" + tls,
            "--use_test_ca=" + tls
        };
        Class<?> type = Class.forName(CLIENT);
        Object client = type.getDeclaredConstructor().newInstance();
        try {
            call(client, "parseArgs", new Class<?>[] {String[].class}, (Object) options);
            call(client, "setUp", new Class<?>[0]);
            call(client, "run", new Class<?>[0]);
            System.out.println("PASSED " + name);
            return true;
        } catch (InvocationTargetException e) {
            System.out.println("FAILED " + name + ": " + e.getCause());
            return false;
        } finally {
            call(client, "tearDown", new Class<?>[0]);
        }
    }

    private static void call(Object on, String name, Class<?>[] types, Object... arguments)
            throws Exception {
        Method method = on.getClass().getDeclaredMethod(name, types);
        method.setAccessible(true);
        method.invoke(on, arguments);
    }
}
