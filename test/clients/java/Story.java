import com.google.gson.Gson;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/**
 * Sends a story through the Java library of Segment or RudderStack.
 *
 * <p>The story comes as JSON on standard input: {"library", "url", "writeKey", "calls"}.
 */
final class Story {
  String library;
  String url;
  String writeKey;
  List<Call> calls;

  static final class Call {
    String type;
    String timestamp;
    String userId;
    String anonymousId;
    String event;
    String name;
    Map<String, Object> properties;
    Map<String, Object> traits;
    String groupId;
    String previousId;

    Date time() {
      return Date.from(Instant.parse(timestamp));
    }
  }

  public static void main(String[] args) throws Exception {
    var input = new InputStreamReader(System.in, StandardCharsets.UTF_8);
    Story story = new Gson().fromJson(input, Story.class);
    if (story.library.equals("rudder")) Rudder.send(story);
    else Segment.send(story);
    // OkHttp's threads would keep the process alive for a minute.
    System.exit(0);
  }
}
