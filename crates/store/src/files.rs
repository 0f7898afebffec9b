//! Files known by what is in them: on disk or in a bucket, through one library.

use std::path::Path as FilePath;

use jiff::Timestamp;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutPayload};

use programme::Enrolment;

use crate::find::known;
use crate::record::sha256;
use crate::{Store, StoreError};

/// Where files are.
pub(crate) struct Files {
    objects: Box<dyn ObjectStore>,
}

impl Files {
    /// A folder, or `s3://bucket/prefix` with `?endpoint=…&region=…`; keys come from the usual variables of S3.
    pub(crate) fn open(address: &str) -> Result<Files, StoreError> {
        let objects: Box<dyn ObjectStore> = match address.strip_prefix("s3://") {
            Some(rest) => bucket(address, rest)?,
            None => {
                let folder = FilePath::new(address);
                std::fs::create_dir_all(folder).map_err(|error| {
                    let why = error.to_string();
                    match error.kind() {
                        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                            StoreError::ReadOnly
                        }
                        std::io::ErrorKind::StorageFull => StoreError::Full,
                        _ => StoreError::Address { address: address.to_owned(), why },
                    }
                })?;
                let wrong = |error: Error| StoreError::Address { address: address.to_owned(), why: error.to_string() };
                Box::new(LocalFileSystem::new_with_prefix(folder).map_err(wrong)?.with_fsync(true))
            }
        };
        Ok(Files { objects })
    }

    pub(crate) async fn put(&self, bytes: &[u8]) -> Result<String, StoreError> {
        let digest = sha256(bytes);
        let path = path(&digest);
        if self.objects.head(&path).await.is_ok_and(|known| known.size == bytes.len() as u64) {
            return Ok(digest);
        }
        let payload = PutPayload::from(bytes.to_vec());
        self.objects.put(&path, payload).await.map_err(|error| told(&digest, &error))?;
        Ok(digest)
    }

    pub(crate) async fn remove(&self, digest: &str) -> Result<(), StoreError> {
        match self.objects.delete(&path(digest)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(told(digest, &error)),
        }
    }

    /// Never anything else than what has this digest.
    pub(crate) async fn get(&self, digest: &str) -> Result<Vec<u8>, StoreError> {
        if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(StoreError::Missing { kind: "file", id: digest.to_owned() });
        }
        let found = self.objects.get(&path(digest)).await.map_err(|error| told(digest, &error))?;
        let bytes = found.bytes().await.map_err(|error| told(digest, &error))?;
        if sha256(&bytes) == digest {
            Ok(bytes.to_vec())
        } else {
            Err(StoreError::File { digest: digest.to_owned(), why: "what is kept has another digest".to_owned() })
        }
    }
}

fn bucket(address: &str, rest: &str) -> Result<Box<dyn ObjectStore>, StoreError> {
    let wrong = |why: String| StoreError::Address { address: address.to_owned(), why };
    // The one TLS stack of the house; another part of the program may have chosen it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    for (name, value) in options.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('=')) {
        builder = match name {
            "endpoint" => builder.with_endpoint(value).with_allow_http(value.starts_with("http://")),
            "region" => builder.with_region(value),
            other => return Err(wrong(format!("unknown option {other}"))),
        };
    }
    let bucket = builder.build().map_err(|error| wrong(error.to_string()))?;
    Ok(Box::new(PrefixStore::new(bucket, prefix)))
}

fn path(digest: &str) -> Path {
    Path::from(format!("sha256/{}/{}", &digest[..2], &digest[2..]))
}

fn told(digest: &str, error: &Error) -> StoreError {
    if let Error::NotFound { .. } = error {
        return StoreError::Missing { kind: "file", id: digest.to_owned() };
    }
    // The library wraps what the system said; the cause tells what to do.
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            match io.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::FileTooLarge => return StoreError::Full,
                std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                    return StoreError::ReadOnly;
                }
                _ => {}
            }
        }
        cause = inner.source();
    }
    StoreError::File { digest: digest.to_owned(), why: error.to_string() }
}

impl Store {
    /// Keeps a file and gives its digest. The same content is kept once.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn put_file(&self, bytes: &[u8], at: Timestamp) -> Result<String, StoreError> {
        let digest = self.files.put(bytes).await?;
        let sql = "INSERT INTO file (digest, size, at) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING";
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.engine.run(sql, &[digest.as_str().into(), size.into(), at.as_microsecond().into()]).await?;
        Ok(digest)
    }

    /// # Errors
    /// When it is not there, or is not what it was.
    pub async fn file(&self, digest: &str) -> Result<Vec<u8>, StoreError> {
        self.files.get(digest).await
    }

    /// Whether an enrolment names the file other than those whose column has a value, such as `person`, and still has its
    /// files. All are looked at: it is asked when something is forgotten.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_file_of_another(
        &self,
        digest: &str,
        (column, value): (&'static str, &str),
    ) -> Result<bool, StoreError> {
        let column = known::<Enrolment>(column)?;
        let sql = format!(
            "SELECT id FROM enrolment WHERE {column} <> $1 AND body LIKE '%' || $2 || '%' \
             AND body NOT LIKE '%\"files_forgotten\":%' LIMIT 1"
        );
        Ok(self.engine.one(&sql, &[value.into(), digest.into()]).await?.is_some())
    }

    /// Takes a file away that nobody names any more.
    ///
    /// # Errors
    /// When it cannot be taken away.
    pub async fn forget_file(&self, digest: &str) -> Result<(), StoreError> {
        self.engine.run("DELETE FROM file WHERE digest = $1", &[digest.into()]).await?;
        self.files.remove(digest).await
    }

    /// The digests and sizes of all files, a page at a time.
    pub(crate) async fn file_list(&self, after: &str) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = "SELECT digest, size FROM file WHERE digest > $1 ORDER BY digest LIMIT 1000";
        let rows = self.engine.all(sql, &[after.into()]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
    }
}
