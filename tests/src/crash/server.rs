//! This program once more, as a server with a data directory.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use aws_credential_types::Credentials;
use aws_smithy_http_client::Builder;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use rehearsal_emulator::Emulator;
use rehearsal_emulator::kernel::store::directory::{Directory, Durability};

const FOLDER: &str = "REHEARSAL_CRASH_FOLDER";
const URL: &str = "URL ";

pub struct Process {
    child: Child,
    url: String,
}

impl Process {
    pub fn start(folder: &Path) -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut child = Command::new(program)
            .args(["crash::be_the_process", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts once more");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let said = lines.map_while(Result::ok).find_map(|line| line.split_once(URL).map(|(_, url)| url.to_owned()));
        Self { child, url: said.expect("the server says where it is") }
    }

    pub fn config(&self) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(Credentials::new(
                "test", "test", None, None, "test",
            )))
            .endpoint_url(&self.url)
            .http_client(Builder::new().build_http())
            .retry_config(RetryConfig::disabled())
            .build()
    }

    /// SIGKILL: nothing of it gets to say goodbye.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }
}

/// Serves until it is killed.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
pub async fn be() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let (directory, found) = Directory::open(Path::new(&folder), Durability::Process, &|_| {}).expect("it opens");
    assert_eq!(found.warnings, Vec::<String>::new(), "a killed process damages nothing");
    let emulator = Emulator::builder().start_in(directory, found.records).await.expect("what was kept can be read");
    let server = emulator.serve_anywhere().await.expect("the loopback interface has a free port");
    println!("{URL}{}", server.url());
    std::io::stdout().flush().expect("the test reads");
    std::future::pending::<()>().await;
}
