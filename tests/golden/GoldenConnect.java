import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.*;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Answers the cases of tests/Barnabas.Connect.Tests/golden/cases.txt with Apache Kafka's own classes:
 * java -cp 'libs/*' GoldenConnect.java < cases.txt > answers.txt
 * A case: kind, settings (k=v joined by |), input, parted by tabs. An answer: one line, or ! for a refusal.
 */
public class GoldenConnect {
    static Map<String, String> settings(String text) {
        Map<String, String> map = new LinkedHashMap<>();
        if (!text.equals("-")) for (String pair : text.split("\\|")) map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        return map;
    }

    static JsonConverter converter(Map<String, String> settings) {
        JsonConverter converter = new JsonConverter();
        converter.configure(settings, false);
        return converter;
    }

    static String text(byte[] bytes) { return bytes == null ? "<null>" : new String(bytes, StandardCharsets.UTF_8); }

    static byte[] bytes(String text) { return text.equals("<null>") ? null : text.getBytes(StandardCharsets.UTF_8); }

    static String json(Map<String, String> settings, String input) {
        Map<String, String> out = new HashMap<>(settings);
        if (settings.containsKey("write.schemas")) out.put("schemas.enable", settings.get("write.schemas"));
        SchemaAndValue value = converter(settings).toConnectData("t", bytes(input));
        return text(converter(out).fromConnectData("t", value.schema(), value.value()));
    }

    static String header(String input) {
        SimpleHeaderConverter converter = new SimpleHeaderConverter();
        SchemaAndValue value = converter.toConnectHeader("t", "k", bytes(input));
        String again = text(converter.fromConnectHeader("t", "k", value.schema(), value.value()));
        return text(converter(Map.of()).fromConnectData("t", value.schema(), value.value())) + " " + again;
    }

    @SuppressWarnings("unchecked")
    static String transform(String name, Map<String, String> settings, String input) throws Exception {
        boolean schemas = !settings.containsKey("no.schemas");
        settings.remove("no.schemas");
        JsonConverter converter = converter(Map.of("schemas.enable", String.valueOf(schemas)));
        SchemaAndValue value = converter.toConnectData("t", bytes(input));
        Transformation<SinkRecord> transformation = (Transformation<SinkRecord>) Class.forName("org.apache.kafka.connect.transforms." + name).getDeclaredConstructor().newInstance();
        transformation.configure(settings);
        SinkRecord record = new SinkRecord("topic-a", 3, value.schema(), value.value(), value.schema(), value.value(), 7, 1713763500123L, TimestampType.CREATE_TIME);
        record.headers().addString("h1", "one").addString("h2", "two");
        SinkRecord result = transformation.apply(record);
        if (result == null) return "dropped";
        StringBuilder answer = new StringBuilder(result.topic()).append(' ').append(text(converter.fromConnectData("t", result.keySchema(), result.key())))
            .append(' ').append(text(converter.fromConnectData("t", result.valueSchema(), result.value())));
        for (Header header : result.headers()) answer.append(' ').append(header.key()).append('=').append(text(converter.fromConnectData("t", header.schema(), header.value())));
        return answer.toString();
    }

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = in.readLine()) != null; ) {
            if (line.isEmpty() || line.startsWith("#")) continue;
            String[] cells = line.split("\t");
            String answer;
            try {
                answer = cells[0].equals("json") ? json(settings(cells[1]), cells[2]) : cells[0].equals("header") ? header(cells[2]) : transform(cells[0], settings(cells[1]), cells[2]);
            } catch (Exception e) {
                answer = "! " + e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replace('\n', ' ');
            }
            out.println(answer);
        }
    }
}
