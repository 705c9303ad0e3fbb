//! What only a bus between replicas can do, and what it does when the connection breaks.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use comptoir_domain::event::EventBus;
use comptoir_infra::bus::NatsBus;
use futures_util::{FutureExt, StreamExt, future::join_all};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{Instant, sleep},
};

use crate::bus::{event, nats_url, new_cart, next, soon};

/// Stands between a client and the server, keeps what the client says, and breaks connections.
struct Proxy {
    url: String,
    said: Arc<Mutex<Vec<u8>>>,
    is_open: watch::Sender<bool>,
}

impl Proxy {
    async fn start(server: &str) -> Self {
        let target = server.rsplit(['/', '@']).next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = server.replace(&target, &listener.local_addr().unwrap().to_string());
        let (said, is_open) = (Arc::default(), watch::Sender::new(true));
        tokio::spawn(Self::accept(listener, target, Arc::clone(&said), is_open.subscribe()));
        Self { url, said, is_open }
    }

    async fn accept(listener: TcpListener, target: String, said: Arc<Mutex<Vec<u8>>>, is_open: watch::Receiver<bool>) {
        while let Ok((client, _)) = listener.accept().await {
            if *is_open.borrow() {
                let (target, said, mut is_open) = (target.clone(), Arc::clone(&said), is_open.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        _ = is_open.wait_for(|it| !it) => {}
                        () = Self::carry(client, &target, &said) => {}
                    }
                });
            }
        }
    }

    async fn carry(mut client: TcpStream, target: &str, said: &Mutex<Vec<u8>>) {
        let Ok(mut server) = TcpStream::connect(target).await else { return };
        let ((mut from_client, mut to_client), (mut from_server, mut to_server)) = (client.split(), server.split());
        let up = async {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
                let part = buffer.get(..length).unwrap();
                said.lock().unwrap().extend_from_slice(part);
                if to_server.write_all(part).await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            () = up => {}
            _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
        }
    }

    /// The lines the client said that start with `word`.
    fn said(&self, word: &str) -> Vec<String> {
        let said = self.said.lock().unwrap();
        String::from_utf8_lossy(&said).lines().filter(|it| it.starts_with(word)).map(str::to_owned).collect()
    }

    /// Breaks all connections, and refuses new ones until it is opened.
    fn close(&self) {
        self.is_open.send_replace(false);
    }

    fn open(&self) {
        self.is_open.send_replace(true);
    }
}

/// Waits until `holds`.
async fn until(mut holds: impl AsyncFnMut() -> bool) {
    soon(async {
        while !holds().await {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_replica_hears_what_one_publishes() {
    let Some(url) = nats_url() else { return };
    let (here, there) = (NatsBus::connect(&url).await.unwrap(), NatsBus::connect(&url).await.unwrap());
    for _ in 0..50 {
        let topic = new_cart();
        let mut streams = [here.subscribe(topic).await.unwrap(), there.subscribe(topic).await.unwrap()];
        here.publish(&[event(topic, 1)]).await.unwrap();
        there.publish(&[event(topic, 2)]).await.unwrap();
        for stream in &mut streams {
            assert_eq!(next(stream).await, Some(event(topic, 1)));
            assert_eq!(next(stream).await, Some(event(topic, 2)));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_listeners_of_a_replica_share_one_subscription() {
    let Some(url) = nats_url() else { return };
    let proxy = Proxy::start(&url).await;
    let bus = NatsBus::connect(&proxy.url).await.unwrap();
    let topic = new_cart();
    let mut streams: Vec<_> =
        join_all((0..500).map(|_| bus.subscribe(topic))).await.into_iter().map(Result::unwrap).collect();
    bus.publish(&[event(topic, 1)]).await.unwrap();
    for stream in &mut streams {
        assert_eq!(next(stream).await, Some(event(topic, 1)));
    }
    let subscriptions = proxy.said("SUB comptoir.cart.");
    assert_eq!(subscriptions.len(), 1, "{subscriptions:?}");
    let end = format!("UNSUB {}", subscriptions.concat().rsplit(' ').next().unwrap());
    drop(streams.pop());
    bus.publish(&[event(topic, 2)]).await.unwrap();
    assert!(!proxy.said("UNSUB").contains(&end));
    drop(streams);
    until(async || proxy.said("UNSUB").contains(&end)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_broken_connection_listeners_are_told_and_miss_nothing_more() {
    let Some(url) = nats_url() else { return };
    let proxy = Proxy::start(&url).await;
    let (cut, whole) = (NatsBus::connect(&proxy.url).await.unwrap(), NatsBus::connect(&url).await.unwrap());
    let (topic, other) = (new_cart(), new_cart());
    let mut stream = cut.subscribe(topic).await.unwrap();
    let mut second = cut.subscribe(other).await.unwrap();
    for round in 1..=5 {
        proxy.close();
        until(async || cut.publish(&[event(topic, -round)]).await.is_err()).await;
        while let Some(Some(missed)) = stream.next().now_or_never() {
            assert!(missed.is_some_and(|it| it.position < 0), "nothing but what was published before the break");
        }
        whole.publish(&[event(topic, 0), event(other, 0)]).await.unwrap();
        proxy.open();
        while next(&mut stream).await.is_some() {}
        assert_eq!(next(&mut second).await, None);
        whole.publish(&[event(topic, round), event(other, round)]).await.unwrap();
        assert_eq!(next(&mut second).await, Some(event(other, round)));
        while next(&mut stream).await != Some(event(topic, round)) {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_connection_nothing_waits_for_long() {
    let Some(url) = nats_url() else { return };
    let proxy = Proxy::start(&url).await;
    let bus = NatsBus::connect(&proxy.url).await.unwrap();
    let topic = new_cart();
    let _followed = bus.subscribe(topic).await.unwrap();
    proxy.close();
    until(async || bus.publish(&[event(topic, 1)]).await.is_err()).await;
    let start = Instant::now();
    assert!(bus.publish(&[event(topic, 2)]).await.is_err());
    assert!(bus.subscribe(new_cart()).await.is_err());
    assert!(start.elapsed() < Duration::from_secs(5));
    proxy.open();
    until(async || bus.publish(&[event(topic, 3)]).await.is_ok()).await;
    assert!(bus.subscribe(new_cart()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_something_missed() {
    let Some(url) = nats_url() else { return };
    let bus = NatsBus::connect(&url).await.unwrap();
    let topic = new_cart();
    let mut stream = bus.subscribe(topic).await.unwrap();
    let comptoir_domain::event::Topic::Cart(id) = topic else { return };
    let client = async_nats::connect(&url).await.unwrap();
    client.publish(format!("comptoir.cart.{id}"), "not JSON".into()).await.unwrap();
    client.flush().await.unwrap();
    assert_eq!(next(&mut stream).await, None);
    bus.publish(&[event(topic, 1)]).await.unwrap();
    assert_eq!(next(&mut stream).await, Some(event(topic, 1)));
}
